package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.replay.drill.ScratchDatabase.Afterwards;
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
            assertThat(comment(scratch.database()))
                    .containsExactly("[scratch database of tidemark drill, to be dropped]");
        }
        assertThat(databasesLike(name)).isEmpty();
    }

    @Test
    void whatAKilledDrillLeftIsReplacedByTheNextWhichMayKeepIt() throws Exception {
        Catalog catalog = RestoreServer.read(server.newDatabase());
        Database target = server.missingDatabase();
        var killed = ScratchDatabase.take(target, catalog, Afterwards.DROPPED);
        RestoreServer.run(killed.database(), List.of("CREATE TABLE public.half (id integer)"));

        try (ScratchDatabase scratch = ScratchDatabase.take(target, catalog, Afterwards.KEPT)) {
            try (Connection there = scratch.database().connect()) {
                assertThat(RestoreServer.rows(there, "SELECT to_regclass('public.half')"))
                        .containsExactly("[null]");
            }
        }

        assertThat(databasesLike(target.url().database())).hasSize(1);
        assertThat(comment(target)).containsExactly("[null]");
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
