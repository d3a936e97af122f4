package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which databases a restore takes as its target, and which it makes. */
@ExtendWith(RestoreServer.Shared.class)
final class RestoreTargetIT {
    private final RestoreServer server;

    RestoreTargetIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void aDatabaseWithContentsIsRefusedAndThemNamed() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        RestoreServer.run(
                target,
                List.of(
                        "CREATE SCHEMA other",
                        "CREATE TABLE other.thing (id serial PRIMARY KEY, v text UNIQUE)",
                        "CREATE TYPE public.colour AS ENUM ('red')",
                        "CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'"));

        RestoreServer.assertRefused(
                target,
                folded,
                "%s cannot take the restore: it is not empty, but holds schema other, function public.f(integer), table other.thing, type public.colour"
                        .formatted(target),
                "Choose an empty database, or drop this one's contents with --replace --confirm.");

        try (Connection there = target.connect()) {
            assertThat(RestoreServer.rows(there, "SELECT to_regnamespace('app')"))
                    .containsExactly("[null]");
        }
    }

    @Test
    void onlyTenNamesOfContentsAreSaid() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        for (int i = 10; i < 23; i++) {
            RestoreServer.run(target, List.of("CREATE TABLE public.t" + i + " (id integer)"));
        }

        RestoreServer.assertRefused(
                target,
                folded,
                target
                        + " cannot take the restore: it is not empty, but holds table public.t10, table public.t11,"
                        + " table public.t12, table public.t13, table public.t14, table public.t15, table public.t16,"
                        + " table public.t17, table public.t18, table public.t19 and 3 more",
                "Choose an empty database, or drop this one's contents with --replace --confirm.");
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase("ENCODING 'LATIN1'");
        RestoreServer.run(target, List.of("CREATE TABLE public.t (id integer)"));

        RestoreServer.assertRefused(
                target,
                folded,
                target
                        + " cannot take the restore: its encoding is LATIN1, and the source's was UTF8; it is not empty,"
                        + " but holds table public.t",
                "Create it with TEMPLATE template0 ENCODING 'UTF8', or let --replace --confirm do that."
                        + " Choose an empty database, or drop this one's contents with --replace --confirm.");
    }

    @Test
    void anOlderServerIsRefused() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        try (PostgresServer oldest =
                PostgresServer.start(
                        server.directory().resolve("oldest"),
                        new PostgresBinaries(Path.of("target", "postgres-oldest.jar")),
                        Map.of("fsync", "off"))) {
            Database target = RestoreServer.database(oldest.superuser(), oldest.port(), "postgres");

            RestoreServer.assertRefused(
                    target,
                    folded,
                    target
                            + " cannot take the restore: the server is PostgreSQL 15, and the source was 18",
                    "Restore into a server of version 18 or later.");
        }
    }

    @Test
    void aUserWithoutRightsOfASuperuserCanRestore() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database made = server.newDatabase();
        String name = made.url().database();
        RestoreServer.run(
                server.database("postgres"),
                List.of("CREATE ROLE u_" + name + " LOGIN NOSUPERUSER"));
        Database target = server.database("u_" + name, name);

        RestoreServer.assertRefused(
                target,
                folded,
                target + " cannot take the restore: the user may not create schemas in it",
                "Let the database's owner or a superuser restore, or grant the right.");
        RestoreServer.run(
                server.database("postgres"),
                List.of("ALTER DATABASE " + name + " OWNER TO u_" + name));

        assertThat(RestoreServer.restore(target, folded, RestoreServer.SILENT).rows())
                .isEqualTo(15);
    }

    @Test
    void replaceMakesAnEmptyDatabaseOfTheSameOwner() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase("ENCODING 'LATIN1'");
        RestoreServer.run(target, List.of("CREATE TABLE public.t (id integer)"));
        String name = target.url().database();
        RestoreServer.run(server.database("postgres"), List.of("CREATE ROLE o_" + name));
        RestoreServer.run(
                server.database("postgres"),
                List.of("ALTER DATABASE " + name + " OWNER TO o_" + name));

        TargetDatabase.recreate(target, folded.base());

        RestoreServer.restore(target, folded, RestoreServer.SILENT);
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT pg_encoding_to_char(encoding), datcollate, datdba::regrole"
                                            + " FROM pg_database WHERE datname = current_database()"))
                    .containsExactly("[UTF8, C, o_" + name + "]");
        }
    }

    @Test
    void replaceMakesAMissingDatabase() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.missingDatabase();

        TargetDatabase.recreate(target, folded.base());

        assertThat(RestoreServer.restore(target, folded, RestoreServer.SILENT).rows())
                .isEqualTo(15);
    }

    @Test
    void replaceIsRefusedWhileOthersAreConnected() throws Exception {
        HandmadeArchive.Folded folded =
                SampleSource.foldedWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();
        RestoreServer.run(target, List.of("CREATE TABLE public.kept (id integer)"));

        try (Connection other = target.connect()) {
            String pid =
                    RestoreServer.rows(other, "SELECT pg_backend_pid()")
                            .getFirst()
                            .replaceAll("\\D", "");
            TidemarkException thrown =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> TargetDatabase.recreate(target, folded.base()));

            assertThat(thrown)
                    .hasMessage(
                            "%s is in use by other sessions: %s of %s (tidemark)"
                                    .formatted(target, pid, server.superuser()));
            assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
            assertThat(RestoreServer.rows(other, "SELECT count(*) FROM public.kept"))
                    .containsExactly("[0]");
        }
    }
}
