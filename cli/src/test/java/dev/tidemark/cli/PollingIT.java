package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.Release;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A source whose administrator is no superuser: no event trigger, and looks that find all. */
final class PollingIT {
    private static final Pattern BEFORE = Pattern.compile("--to (\\S+) before it");

    @TempDir private static Path directory;

    static List<Release> releases() {
        return Release.newestAtLeast();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void momentsAtLooksAreExactAndThoseBetweenAreRefused(Release release) throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory.resolve(release.toString().replace(' ', '-')),
                        release.binaries(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, catalog-interval: 1s}")) {
            prepare(tidemark);
            Process service = tidemark.service("run");
            Truth start = looked(tidemark);

            Truth added =
                    unseen(
                            tidemark,
                            "INSERT INTO deal VALUES (2, 2, 'glad');"
                                    + " ALTER TABLE deal ADD amount int DEFAULT 3;"
                                    + " INSERT INTO deal VALUES (3, 3, 'sad', 4);"
                                    + " CREATE TABLE fresh (id int PRIMARY KEY, v text);"
                                    + " INSERT INTO fresh SELECT i, 'x' || i FROM generate_series(1, 100) i;"
                                    + " UPDATE fresh SET v = 'y' WHERE id > 50");
            Truth afterAdded = looked(tidemark);
            tidemark.execute("crm", "SET ROLE adm; UPDATE public.fresh SET v = 'z' WHERE id = 1");
            Truth rewritten =
                    unseen(
                            tidemark,
                            "ALTER TABLE deal ALTER v TYPE int USING -v; DROP TABLE gone;"
                                    + " ALTER TABLE kept RENAME a TO b; INSERT INTO kept VALUES (5);"
                                    + " ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
            Truth afterRewritten = looked(tidemark);
            Truth viewed =
                    unseen(
                            tidemark,
                            "CREATE VIEW rich AS SELECT id FROM deal; VACUUM FULL deal;"
                                    + " REINDEX TABLE CONCURRENTLY kept; INSERT INTO deal VALUES (9, 9, 'glad', 9)");
            Truth end = looked(tidemark);
            tidemark.awaitArchivedPast(end);

            assertThat(restored(tidemark, start)).isEqualTo(start.tables());
            assertRefused(tidemark, added, "public.deal, public.fresh");
            assertThat(restored(tidemark, afterAdded)).isEqualTo(afterAdded.tables());
            assertRefused(tidemark, rewritten, "public.deal, public.gone, public.kept");
            assertThat(restored(tidemark, afterRewritten)).isEqualTo(afterRewritten.tables());
            assertThat(restored(tidemark, end)).isEqualTo(end.tables());
            assertOnlyTheViewIsNotKnown(tidemark, viewed);
            assertWeaknessesAreSaid(tidemark);
            service.destroy();
            service.waitFor();
            tidemark.succeed("deinit", "--confirm");
            assertThat(tidemark.ask("crm", "SELECT to_regnamespace('tidemark') IS NULL"))
                    .isEqualTo("t");
        }
    }

    private static void prepare(Deployment tidemark) throws Exception {
        tidemark.configuration(
                "tidemark",
                "admin-url: \"postgresql://postgres@",
                "schema-changes: polling\n  admin-url: \"postgresql://adm@");
        tidemark.execute(
                "crm",
                "CREATE ROLE adm LOGIN CREATEROLE; ALTER DATABASE crm OWNER TO adm;"
                        + " CREATE ROLE app; GRANT app TO adm; CREATE TABLE public.other (id int PRIMARY KEY)");
        tidemark.execute(
                "crm",
                "SET ROLE adm; SET search_path = public; CREATE TYPE mood AS ENUM ('glad', 'sad');"
                        + " CREATE TABLE deal (id int PRIMARY KEY, v int, m mood);"
                        + " INSERT INTO deal VALUES (1, 1, 'sad');"
                        + " CREATE TABLE gone (id int); INSERT INTO gone VALUES (1);"
                        + " CREATE TABLE kept (a int); INSERT INTO kept VALUES (1), (1)");
        Outcome refused = tidemark.tidemark("init");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains(
                        "the role tidemark does not exist, and adm may not make one that replicates")
                .contains("tables of other owners cannot be captured: public.other")
                .contains("CREATE ROLE \"tidemark\" LOGIN REPLICATION");
        tidemark.execute(
                "crm",
                "CREATE ROLE tidemark LOGIN REPLICATION; ALTER TABLE public.other OWNER TO app");
        tidemark.succeed("init");
        assertThat(tidemark.succeed("init").out()).startsWith("The source is prepared anew");
        try (Connection connection = tidemark.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION AUTHORIZATION app");
            statement.execute("SELECT tidemark.set_context('ann')");
            assertThat(statement.getWarnings() == null).as("no warning").isTrue();
        }
    }

    /** Holds looks back while something is done, and what the source holds then. */
    private static Truth unseen(Deployment tidemark, String commands) throws SQLException {
        try (Connection session = tidemark.connect();
                Statement statement = session.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(tidemark.schema_lock())");
            statement.execute("SET search_path = public");
            statement.execute("SET ROLE adm");
            for (String command : commands.split("; ?")) {
                statement.execute(command);
            }
            return tidemark.truth();
        }
    }

    /**
     * What the source holds after a look that tells all so far, and up to one that finds no more.
     */
    private static Truth looked(Deployment tidemark) throws SQLException {
        awaitLook(tidemark);
        Truth truth = tidemark.truth();
        awaitLook(tidemark);
        return truth;
    }

    private static void awaitLook(Deployment tidemark) throws SQLException {
        String now = tidemark.ask("crm", "SELECT pg_current_wal_insert_lsn()");
        tidemark.awaitInSource(
                "SELECT coalesce((SELECT state::pg_lsn > '%s' FROM tidemark.seen WHERE what = 'looked'), false)"
                        .formatted(now));
    }

    private static Object restored(Deployment tidemark, Truth truth) throws SQLException {
        String name =
                "at_"
                        + truth.position()
                                .toString()
                                .replace("/", "_")
                                .toLowerCase(java.util.Locale.ROOT);
        return tidemark.restored(name, "--to", truth.position().toString());
    }

    private static void assertRefused(Deployment tidemark, Truth between, String tables)
            throws SQLException {
        String position = between.position().toString();
        Outcome refused = tidemark.tidemark("restore", "--to", position, "--dry-run");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .startsWith("error: not known at ")
                .contains(": " + tables + "; a look at the source's catalog at ");
        Matcher before = BEFORE.matcher(refused.err());
        assertThat(before.find()).as(refused.err()).isTrue();
        tidemark.succeed("restore", "--to", before.group(1), "--dry-run");
    }

    private static void assertOnlyTheViewIsNotKnown(Deployment tidemark, Truth viewed)
            throws SQLException {
        tidemark.execute("postgres", "CREATE DATABASE viewed");
        Outcome restored =
                tidemark.tidemark(
                        "restore",
                        "--to",
                        viewed.position().toString(),
                        "--into",
                        tidemark.database("viewed").url().toString());
        assertThat(restored.code()).as(restored.err()).isEqualTo(1);
        assertThat(restored.err().lines().filter(line -> line.contains("not known")))
                .singleElement()
                .asString()
                .contains("not known: view public.rich: a look at ");
        assertThat(tidemark.rows("viewed")).isEqualTo(viewed.tables());
    }

    private static void assertWeaknessesAreSaid(Deployment tidemark) {
        assertThat(tidemark.succeed("check").out())
                .contains(
                        "WARNING: schema changes are found by looks, not told by event triggers"
                                + " (source.schema-changes: polling)")
                .doesNotContain("ERROR");
        assertThat(tidemark.succeed("info").out())
                .contains("schema    last read whole at ")
                .contains("by polling: changes since are not known yet");
    }
}
