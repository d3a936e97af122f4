package dev.tidemark.cli.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import dev.tidemark.schemas.json.CanonicalJson;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Which databases a restore takes as its target, and which it makes. */
@ExtendWith(RestoreServer.Shared.class)
final class RestoreTargetIT {
    private static final String NEW = "_tidemark_new";
    private static final String OLD = "_tidemark_old";

    private final RestoreServer server;

    RestoreTargetIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void aDatabaseWithContentsIsRefusedAndThemNamed() throws Exception {
        HandmadeArchive.Folded folded = folded();
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
        HandmadeArchive.Folded folded = folded();
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
        HandmadeArchive.Folded folded = folded();
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
        HandmadeArchive.Folded folded = folded();
        try (PostgresServer oldest =
                PostgresServer.start(
                        server.directory().resolve("oldest"),
                        Release.OLDEST.binaries(),
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
        HandmadeArchive.Folded folded = folded();
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
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'app.deal'::regclass"))
                    .containsExactly("[t, t]");
        }
    }

    @Test
    void anOlderVersionOfAnExtensionIsRefusedUnlessItIsToBeTaken() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, List.of("CREATE EXTENSION hstore SCHEMA public"));
        HandmadeArchive.Folded folded =
                foldedWith(source, "\"hstore\":\"1.8\"", "\"hstore\":\"1.10\"");
        Database target = server.newDatabase();
        String older = "the extension hstore has version 1.8 here, and the source had 1.10";

        RestoreServer.assertRefused(
                target,
                folded,
                target + " cannot take the restore: " + older,
                "Install the package of that version or a newer one on the server, or give --allow-older-extensions if"
                        + " what the older one lacks is not used.");
        assertThat(
                        RestoreServer.restore(
                                        target, folded, RestoreOptions.of(2).withOlderExtensions())
                                .warnings())
                .containsExactly(older);
    }

    /** The archive of a source that has what no server here can have. */
    private HandmadeArchive.Folded foldedWith(Database source, String there, String instead)
            throws Exception {
        String read = new String(CanonicalJson.write(RestoreServer.read(source)), UTF_8);
        assertThat(read).contains(there);
        Catalog catalog =
                CanonicalJson.read(
                        read.replace(there, instead).getBytes(UTF_8), Catalog.class, "a catalog");
        HandmadeArchive archive =
                new HandmadeArchive(
                        server.directory().resolve("like-" + source.url().database()),
                        catalog,
                        Map.of());
        archive.segment(List.of());
        return archive.foldLatest();
    }

    @Test
    void columnsAreCompressedAsTheServerDoesWhereItWasBuiltWithoutTheirWay() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(
                source,
                List.of(
                        "CREATE TABLE public.note (id integer PRIMARY KEY, body text COMPRESSION pglz)"));
        HandmadeArchive.Folded folded =
                foldedWith(source, "\"compression\":\"p\"", "\"compression\":\"l\"");

        RestoreReport report =
                RestoreServer.restore(server.newDatabase(), folded, RestoreServer.SILENT);

        assertThat(report.leftOut()).isEmpty();
        assertThat(report.warnings())
                .as("an embedded server has no lz4")
                .containsExactly(
                        "in the table public.note not compressed by lz4, which this server was built without: body");
    }

    @Test
    void replaceMakesAnEmptyDatabaseOfTheSameOwner() throws Exception {
        HandmadeArchive.Folded folded = folded();
        Database target = server.newDatabase("ENCODING 'LATIN1'");
        RestoreServer.run(target, List.of("CREATE TABLE public.t (id integer)"));
        String name = target.url().database();
        RestoreServer.run(server.database("postgres"), List.of("CREATE ROLE o_" + name));
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "ALTER DATABASE " + name + " OWNER TO o_" + name,
                        "COMMENT ON DATABASE " + name + " IS 'for tests'"));

        TargetDatabase.recreate(target, folded.base());

        RestoreServer.restore(target, folded, RestoreServer.SILENT);
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT pg_encoding_to_char(encoding), datcollate, datdba::regrole, shobj_description(oid, 'pg_database')"
                                            + " FROM pg_database WHERE datname = current_database()"))
                    .containsExactly("[UTF8, C, o_" + name + ", for tests]");
        }
    }

    @Test
    void aUserWithTheRightCreatedbReplacesADatabaseOfItsOwn() throws Exception {
        HandmadeArchive.Folded folded = folded();
        String name = server.newDatabase().url().database();
        Database target = server.database("c_" + name, name);
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "CREATE ROLE c_" + name + " LOGIN NOSUPERUSER CREATEDB",
                        "ALTER DATABASE " + name + " OWNER TO c_" + name));
        RestoreServer.run(target, List.of("CREATE SCHEMA lost"));

        TargetDatabase.recreate(target, folded.base());

        assertThat(TargetContents.of(target).map(TargetContents::objects)).contains(List.of());
        assertThat(databasesLike(name)).containsExactly("[" + name + "]");
    }

    @Test
    void replaceMakesAMissingDatabase() throws Exception {
        HandmadeArchive.Folded folded = folded();
        Database target = server.missingDatabase();

        TargetDatabase.recreate(target, folded.base());

        assertThat(RestoreServer.restore(target, folded, RestoreServer.SILENT).rows())
                .isEqualTo(15);
    }

    @Test
    void replaceIsRefusedWhileOthersAreConnected() throws Exception {
        HandmadeArchive.Folded folded = folded();
        Database target = server.newDatabase();
        RestoreServer.run(target, List.of("CREATE TABLE public.kept (id integer)"));
        AtomicBoolean hasBegun = new AtomicBoolean();

        try (Connection other = target.connect()) {
            String pid =
                    RestoreServer.rows(other, "SELECT pg_backend_pid()")
                            .getFirst()
                            .replaceAll("\\D", "");
            TidemarkException thrown =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () ->
                                    TargetDatabase.recreate(
                                            target, folded.base(), () -> hasBegun.set(true)));

            assertThat(hasBegun).as("what only a restore that begins may do").isFalse();
            assertThat(thrown)
                    .hasMessage(
                            "%s is in use by other sessions: %s of %s (tidemark)"
                                    .formatted(target, pid, server.superuser()));
            assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
            assertThat(RestoreServer.rows(other, "SELECT count(*) FROM public.kept"))
                    .containsExactly("[0]");
        }
    }

    @Test
    void replaceThatIsCutOffInTheSwapLeavesTheTargetAndTheNextOneFinishes() throws Exception {
        HandmadeArchive.Folded folded = folded();
        Database target = server.newDatabase();
        RestoreServer.run(target, List.of("CREATE TABLE public.kept (id integer)"));
        String name = target.url().database();

        TidemarkException thrown = cutOffInTheSwap(target, folded);

        assertThat(thrown)
                .hasMessage(
                        "cannot replace %s: terminating connection due to administrator command"
                                .formatted(target));
        assertThat(thrown.hint())
                .isEqualTo(
                        "The database is as it was, or already replaced by an empty one. When the server is up again,"
                                + " run the same command once more.");
        assertThat(databasesLike(name)).containsExactly("[" + name + "]", "[" + name + NEW + "]");
        assertThat(TargetContents.of(target).orElseThrow().objects())
                .containsExactly("table public.kept");

        TargetDatabase.recreate(target, folded.base());

        assertThat(databasesLike(name)).containsExactly("[" + name + "]");
        assertThat(RestoreServer.restore(target, folded, RestoreServer.SILENT).rows())
                .isEqualTo(15);
    }

    /** The first statement of the swap waits for a lock; there its session is ended. */
    private TidemarkException cutOffInTheSwap(Database target, HandmadeArchive.Folded folded)
            throws Exception {
        try (Connection locking = server.database("postgres").connect();
                Connection watching = server.database("postgres").connect()) {
            locking.setAutoCommit(false);
            try (Statement statement = locking.createStatement()) {
                statement.execute(
                        "COMMENT ON DATABASE " + target.url().database() + " IS 'locked'");
            }
            FutureTask<TidemarkException> replacing =
                    new FutureTask<>(
                            () ->
                                    catchThrowableOfType(
                                            TidemarkException.class,
                                            () -> TargetDatabase.recreate(target, folded.base())));
            Thread.ofPlatform().start(replacing);
            String end =
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            + " AND query LIKE 'ALTER DATABASE \""
                            + target.url().database()
                            + "\" RENAME%'";
            while (!replacing.isDone() && RestoreServer.rows(watching, end).isEmpty()) {
                RestoreServer.rows(watching, "SELECT pg_sleep(0.05)");
            }
            TidemarkException thrown = replacing.get();
            locking.rollback();
            return thrown;
        }
    }

    @Test
    void whatAKilledReplaceLeftIsDroppedByTheNext() throws Exception {
        HandmadeArchive.Folded folded = folded();
        Database target = server.missingDatabase();
        String name = target.url().database();
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "CREATE DATABASE "
                                + name
                                + NEW
                                + " ALLOW_CONNECTIONS false CONNECTION LIMIT 0",
                        "CREATE DATABASE " + name + OLD + " ALLOW_CONNECTIONS false",
                        "COMMENT ON DATABASE %s IS 'replaced by tidemark restore, to be dropped: %s'"
                                .formatted(name + OLD, name)));

        TargetDatabase.recreate(target, folded.base());

        assertThat(databasesLike(name)).containsExactly("[" + name + "]");
        assertThat(RestoreServer.restore(target, folded, RestoreServer.SILENT).rows())
                .isEqualTo(15);
    }

    @Test
    void databasesOfOthersInTheWayOfReplaceAreRefused() throws Exception {
        HandmadeArchive.Folded folded = folded();
        for (String end : List.of(NEW, OLD)) {
            Database target = server.newDatabase();
            RestoreServer.run(target, List.of("CREATE TABLE public.kept (id integer)"));
            String other = target.url().database() + end;
            RestoreServer.run(server.database("postgres"), List.of("CREATE DATABASE " + other));

            TidemarkException thrown =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> TargetDatabase.recreate(target, folded.base()));

            assertThat(thrown)
                    .hasMessage(
                            "cannot replace %s: the database %s is in the way, and a restore did not make it"
                                    .formatted(target, other));
            assertThat(thrown.hint())
                    .isEqualTo("Rename or drop it: the restore needs the name for a moment.");
            assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
            assertThat(databasesLike(target.url().database()))
                    .containsExactly("[" + target.url().database() + "]", "[" + other + "]");
            assertThat(TargetContents.of(target).orElseThrow().objects())
                    .containsExactly("table public.kept");
        }
    }

    @Test
    void aTemplateDatabaseIsNotReplaced() throws Exception {
        HandmadeArchive.Folded folded = folded();
        Database target = server.newDatabase("IS_TEMPLATE true");
        String name = target.url().database();

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> TargetDatabase.recreate(target, folded.base()));

        assertThat(thrown)
                .hasMessage("cannot replace %s: it is a template database".formatted(target));
        assertThat(thrown.hint())
                .isEqualTo(
                        "Run ALTER DATABASE \"%s\" IS_TEMPLATE false if it may be dropped."
                                .formatted(name));
        assertThat(databasesLike(name)).containsExactly("[" + name + "]");
    }

    @Test
    void aDatabaseWithTheLongestNameIsReplaced() throws Exception {
        HandmadeArchive.Folded folded = folded();
        String name = "rr" + "é".repeat(30) + "r"; // 63 bytes, and cut within a character
        DatabaseUrl url = server.database("postgres").url().withDatabase(name);
        Database target = new Database(Database.Role.TARGET, url, Optional.empty());
        RestoreServer.run(
                server.database("postgres"),
                List.of("CREATE DATABASE \"" + target.url().database() + "\" TEMPLATE template0"));
        RestoreServer.run(target, List.of("CREATE TABLE public.lost (id integer)"));

        TargetDatabase.recreate(target, folded.base());

        assertThat(TargetContents.of(target).map(TargetContents::objects)).contains(List.of());
        assertThat(databasesLike("rré")).containsExactly("[" + name + "]");
    }

    @Test
    void contentsAreShownBeforeTheyAreLost() throws Exception {
        Database target = server.newDatabase();
        RestoreServer.run(
                target,
                List.of("CREATE SCHEMA other", "CREATE TABLE other.thing (id int PRIMARY KEY)"));

        TargetContents there = TargetContents.of(target).orElseThrow();

        assertThat(there).hasToString("schema other, table other.thing");
        try (Connection connection = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    connection, "SELECT pg_database_size(current_database())"))
                    .containsExactly("[" + there.bytes() + "]");
        }
        assertThat(TargetContents.of(server.missingDatabase())).isEqualTo(Optional.empty());
    }

    private List<String> databasesLike(String start) throws Exception {
        try (Connection connection = server.database("postgres").connect()) {
            return RestoreServer.rows(
                    connection,
                    "SELECT datname FROM pg_database WHERE starts_with(datname, '%s') AND datname !~ '^%s[0-9]' ORDER BY 1"
                            .formatted(start, start));
        }
    }

    private HandmadeArchive.Folded folded() throws Exception {
        return SampleSource.foldedWithChanges(server, server.newDatabase());
    }
}
