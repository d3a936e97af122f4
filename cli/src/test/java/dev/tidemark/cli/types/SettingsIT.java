package dev.tidemark.cli.types;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.cli.differential.Difference;
import dev.tidemark.cli.differential.Servers;
import dev.tidemark.cli.differential.Site;
import dev.tidemark.cli.differential.Truth;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of databases and roles, of the source and of the target. */
final class SettingsIT {
    private static final List<String> TEXT =
            List.of(
                    "DateStyle = 'German, DMY'",
                    "IntervalStyle = 'sql_standard'",
                    "bytea_output = 'escape'",
                    "extra_float_digits = -5",
                    "TimeZone = 'Asia/Kathmandu'",
                    "search_path = 'types', 'ext'",
                    "standard_conforming_strings = off",
                    "escape_string_warning = on",
                    "backslash_quote = on",
                    "quote_all_identifiers = on",
                    "array_nulls = off",
                    "xmloption = 'document'",
                    "transform_null_equals = on",
                    "default_text_search_config = 'pg_catalog.german'",
                    "plpgsql.variable_conflict = 'use_variable'",
                    "plpgsql.extra_errors = 'all'",
                    "row_security = off",
                    "check_function_bodies = on",
                    "default_toast_compression = 'pglz'");

    private static final List<String> HINDERING =
            List.of(
                    "default_transaction_read_only = on",
                    "statement_timeout = '1s'",
                    "lock_timeout = '1s'",
                    "idle_in_transaction_session_timeout = '1s'",
                    "idle_session_timeout = '1s'",
                    "transaction_timeout = '1s'");

    @TempDir private Path directory;

    @Test
    void settingsThatChangeTextChangeNothingInTheArchive() throws Exception {
        try (Servers servers = Servers.start(directory, PostgresBinaries.onClassPath());
                Site site = Site.create(servers, "settings")) {
            forAll(servers, TEXT);
            TypeHistory history =
                    TypeHistory.of(
                            Release.NEWEST,
                            Stream.of(
                                            BuiltInTypes.numbers(),
                                            BuiltInTypes.texts(),
                                            BuiltInTypes.times(),
                                            BuiltInTypes.ranges(),
                                            BuiltInTypes.arrays())
                                    .flatMap(List::stream)
                                    .toList());
            history.beforeInit(site.source());
            String table =
                    "CREATE TABLE types.%s (id int PRIMARY KEY); INSERT INTO types.%1$s VALUES (1), (2)";
            execute(servers, table.formatted("added"), table.formatted("rewritten"));
            site.protect();
            history.afterInit(site.source());
            execute(
                    servers,
                    """
                    ALTER TABLE types.added ADD a date DEFAULT '2.1.2020', ADD b bytea DEFAULT E'\\\\000\\\\\\\\',
                        ADD c interval DEFAULT '-1-2 3 4:05', ADD d float8 DEFAULT 0.1::float8 + 0.2,
                        ADD e timestamptz DEFAULT '1.2.2020 12:00 UTC', ADD f text DEFAULT E'a\\\\b\\'c',
                        ADD g regclass DEFAULT 'types.added', ADD h date[] DEFAULT '{2.1.2020}'""",
                    """
                    ALTER TABLE types.rewritten ADD r float8 DEFAULT random(), ADD a date DEFAULT '2.1.2020',
                        ADD b bytea DEFAULT E'\\\\000\\\\\\\\', ADD d float8 DEFAULT 0.1::float8 + 0.2,
                        ADD e timestamptz DEFAULT '1.2.2020 12:00 UTC', ADD f text DEFAULT E'a\\\\b\\'c',
                        ADD g regclass DEFAULT 'types.added'""",
                    "INSERT INTO types.added VALUES (3)",
                    "COMMENT ON TABLE types.added IS E'back\\\\slash \\\\'",
                    "CREATE VIEW types.seen AS SELECT *, date '2.1.2020' AS x, E'\\\\' AS y FROM types.added",
                    "CREATE TYPE types.odd AS ENUM (E'a\\\\', 'b')",
                    "ALTER TABLE types.added ADD CHECK (f <> E'\\\\d' AND a > '2.1.1999')");
            Set<String> kinds = new TreeSet<>(CatalogOracle.kinds());
            kinds.remove("identity");
            Truth truth = Truth.read(site.source(), kinds);
            servers.execute("settings", "SELECT tidemark.heartbeat()");
            site.awaitArchived(truth.position());
            site.stop();

            Database restored = site.restore(truth.position(), 1);

            assertThat(Difference.between(truth.image(), TypeHistory.image(restored, kinds)))
                    .isEmpty();
        }
    }

    @Test
    void settingsThatEndSessionsAndForbidWritingEndNothingOfOurs() throws Exception {
        try (Servers servers = Servers.start(directory, PostgresBinaries.onClassPath());
                Site site = Site.create(servers, "hindered")) {
            servers.execute(
                    "hindered",
                    "CREATE TABLE public.t (id int PRIMARY KEY); INSERT INTO public.t VALUES (1)");
            forAll(servers, HINDERING);
            site.protect();
            String write =
                    "SET default_transaction_read_only = off; INSERT INTO public.t VALUES (%d)";
            servers.execute("hindered", write.formatted(2));
            try (SourceSnapshot snapshot = SourceSnapshot.createTemporary(site.source(), "waits");
                    Connection waiting = servers.session("postgres");
                    Statement statement = waiting.createStatement()) {
                statement.execute(
                        "SET statement_timeout = 0; SET transaction_timeout = 0; SELECT pg_sleep(3)");
                snapshot.session().close();
            }
            servers.execute("hindered", write.formatted(3), "CREATE TABLE public.u (id int)");
            Truth truth = Truth.read(site.source(), Set.of());
            servers.execute(
                    "hindered",
                    "SET default_transaction_read_only = off",
                    "SELECT tidemark.heartbeat()");
            site.awaitArchived(truth.position());

            Database restored = site.restore(truth.position(), 1);

            assertThat(Difference.between(truth.image(), TypeHistory.image(restored, Set.of())))
                    .isEmpty();
            forAll(
                    servers,
                    HINDERING.stream()
                            .map(setting -> setting.replaceAll(" = .*", " TO DEFAULT"))
                            .toList());
        }
    }

    private static void forAll(Servers servers, List<String> settings) throws Exception {
        List<String> statements =
                new ArrayList<>(List.of("SET default_transaction_read_only = off"));
        settings.forEach(setting -> statements.add("ALTER ROLE ALL SET " + setting));
        servers.execute("postgres", statements.toArray(String[]::new));
    }

    /** In a session as a client has it. */
    private static void execute(Servers servers, String... statements) throws Exception {
        try (Connection session = servers.session("settings");
                Statement statement = session.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
