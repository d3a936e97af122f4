package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.replay.drill.ScratchDatabase.Afterwards;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The database of a drill on a server that somebody named. */
@ExtendWith(RestoreServer.Shared.class)
final class ScratchDatabaseIT {
    private final RestoreServer server;

    ScratchDatabaseIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void aDrillThatIsKilledWhileItMarksItsDatabaseIsInNobodysWay() throws Exception {
        Catalog catalog = RestoreServer.read(server.newDatabase());
        Database target = server.missingDatabase();
        String name = target.url().database();

        TidemarkException thrown = cutOffInTheMarking(target, catalog);

        assertThat(thrown)
                .hasMessage(
                        "cannot replace %s: terminating connection due to administrator command"
                                .formatted(target));
        assertThat(databasesLike(name)).containsExactly("[" + name + "_tidemark_new]");
        try (ScratchDatabase scratch = ScratchDatabase.take(target, catalog, Afterwards.DROPPED)) {
            assertThat(databasesLike(name)).containsExactly("[" + name + "]");
            assertThat(comment(scratch.database())).containsExactly("[" + mark(target) + "]");
        }
        assertThat(databasesLike(name)).isEmpty();
    }

    @Test
    void whatAKilledDrillLeftIsReplacedByTheNextWhichMayKeepIt() throws Exception {
        Catalog catalog = RestoreServer.read(server.newDatabase());
        Database target = server.missingDatabase();
        var killed = ScratchDatabase.take(target, catalog, Afterwards.DROPPED);
        RestoreServer.run(killed.database(), List.of("CREATE TABLE public.half (id integer)"));
        endSession(target);

        try (ScratchDatabase scratch = ScratchDatabase.take(target, catalog, Afterwards.KEPT)) {
            try (Connection there = scratch.database().connect()) {
                assertThat(RestoreServer.rows(there, "SELECT to_regclass('public.half')"))
                        .containsExactly("[null]");
            }
        }

        assertThat(databasesLike(target.url().database())).hasSize(1);
        assertThat(comment(target)).containsExactly("[null]");
    }

    @Test
    void whatTookTheNameOfADrillsDatabaseIsNotDropped() throws Exception {
        Catalog catalog = RestoreServer.read(server.newDatabase());
        Database target = server.missingDatabase();
        var drill = ScratchDatabase.take(target, catalog, Afterwards.DROPPED);
        String mark = mark(target);
        assertThat(catchThrowableOfType(TidemarkException.class, () -> refuseAsTarget(target)))
                .hasMessage(
                        target + " is the scratch database of a drill, and the next one drops it");

        TargetDatabase.recreate(target, catalog); // as by restore --replace
        assertThat(comment(target)).containsExactly("[null]");
        RestoreServer.run(target, List.of("CREATE TABLE public.precious (id integer)"));
        RestoreServer.run(
                server.database("postgres"),
                List.of("COMMENT ON DATABASE %s IS '%s'".formatted(target.url().database(), mark)));

        assertThat(catchThrowableOfType(TidemarkException.class, drill::close))
                .hasMessage(
                        target
                                + " is not the scratch database any more that the drill made, and was not dropped");
        assertThat(
                        catchThrowableOfType(
                                TidemarkException.class,
                                () -> ScratchDatabase.take(target, catalog, Afterwards.DROPPED)))
                .hasMessage(target + " is not empty, but holds table public.precious");
        refuseAsTarget(target);
        assertThat(databasesLike(target.url().database()))
                .containsExactly("[" + target.url().database() + "]");
    }

    private static void refuseAsTarget(Database database) {
        ScratchDatabase.refuseAsTarget(database);
    }

    @Test
    void twoDrillsCannotHaveOneDatabase() throws Exception {
        Catalog catalog = RestoreServer.read(server.newDatabase());
        Database target = server.missingDatabase();
        try (ScratchDatabase first = ScratchDatabase.take(target, catalog, Afterwards.DROPPED)) {
            String mark = mark(first.database());

            TidemarkException thrown =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> ScratchDatabase.take(target, catalog, Afterwards.DROPPED));

            assertThat(thrown.getMessage())
                    .matches(
                            "\\Q%s\\E is the scratch database of a drill that is at work: process \\d+ of the server"
                                    .formatted(target));
            assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
            assertThat(comment(target)).containsExactly("[" + mark + "]");
        }
        assertThat(databasesLike(target.url().database())).isEmpty();
    }

    private String mark(Database database) throws Exception {
        String name = database.url().database();
        try (Connection connection = server.database("postgres").connect()) {
            return RestoreServer.rows(
                            connection,
                            "SELECT oid FROM pg_database WHERE datname = '%s'".formatted(name))
                    .getFirst()
                    .transform(
                            oid ->
                                    "scratch database of tidemark drill, to be dropped: %s (OID %s)"
                                            .formatted(name, oid.substring(1, oid.length() - 1)));
        }
    }

    /** As when the process of a drill is killed. */
    private void endSession(Database target) throws Exception {
        try (Connection connection = server.database("postgres").connect()) {
            assertThat(
                            RestoreServer.rows(
                                    connection,
                                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory'"
                                            + " AND classid = 1953064038 AND objid = (hashtext('%s') & 2147483647)::oid"
                                                    .formatted(target.url().database())))
                    .containsExactly("[t]");
        }
    }

    /** The comment waits for a lock; there its session is ended. */
    private TidemarkException cutOffInTheMarking(Database target, Catalog catalog)
            throws Exception {
        try (Connection locking = server.database("postgres").connect();
                Connection watching = server.database("postgres").connect()) {
            locking.setAutoCommit(false);
            try (var statement = locking.createStatement()) {
                statement.execute("LOCK TABLE pg_shdescription IN EXCLUSIVE MODE");
            }
            FutureTask<TidemarkException> drilling =
                    new FutureTask<>(
                            () ->
                                    catchThrowableOfType(
                                            TidemarkException.class,
                                            () ->
                                                    ScratchDatabase.take(
                                                            target, catalog, Afterwards.DROPPED)));
            Thread.ofPlatform().start(drilling);
            String end =
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND query LIKE 'COMMENT ON DATABASE \"%s%%'"
                                    .formatted(target.url().database());
            while (!drilling.isDone() && RestoreServer.rows(watching, end).isEmpty()) {
                RestoreServer.rows(watching, "SELECT pg_sleep(0.05)");
            }
            TidemarkException thrown = drilling.get();
            locking.rollback();
            return thrown;
        }
    }

    private List<String> databasesLike(String start) throws Exception {
        try (Connection connection = server.database("postgres").connect()) {
            return RestoreServer.rows(
                    connection,
                    "SELECT datname FROM pg_database WHERE starts_with(datname, '%s') AND datname !~ '^%s[0-9]' ORDER BY 1"
                            .formatted(start, start));
        }
    }

    private List<String> comment(Database database) throws Exception {
        try (Connection connection = server.database("postgres").connect()) {
            return RestoreServer.rows(
                    connection,
                    "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '%s'"
                            .formatted(database.url().database()));
        }
    }
}
