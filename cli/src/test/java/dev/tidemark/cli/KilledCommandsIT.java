package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that were killed with SIGKILL at random times can be run again, and are exact then. */
final class KilledCommandsIT {
    private static final long SEED = Long.getLong("seed", 42);
    private static final int ROWS = 300_000;

    /** Another session of the source, or of the target, that this run of the command opened. */
    private static final String SESSION =
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_start > '%s' AND ";

    private static final Duration NEXT_STEP_MAX = Duration.ofMillis(400);
    private static final Duration PHASES_MAX = Duration.ofMillis(2_500); // most of a restore
    private static final int RESTORES = 5;
    private static final int KILLED_RESTORES_MIN = 3; // the others ended before they were killed

    @TempDir private Path directory;

    @Test
    void initThatWasKilledAtAnyStepSucceedsWhenRunAgainAndTheBaseIsExact() throws Exception {
        Random random = new Random(SEED);
        try (Deployment tidemark = deployment()) {
            for (String sign :
                    List.of(
                            "datname = 'crm'",
                            "datname = 'crm'",
                            "backend_type = 'walsender'",
                            "query LIKE 'COPY%'",
                            "query LIKE 'COPY%'",
                            "query LIKE 'COPY%'")) {
                String question = SESSION.formatted(now(tidemark)) + sign;
                Process init = tidemark.service("init");
                tidemark.awaitInSource(question);
                Clients.pause(random, NEXT_STEP_MAX);
                assertThat(init.isAlive())
                        .as("init is at work; with -Dseed=%d; %s", SEED, tidemark.newestLog("init"))
                        .isTrue();
                init.destroyForcibly().waitFor();
            }

            Outcome again = tidemark.process("init");

            assertThat(again.code()).as(again.err()).isZero();
            assertThat(tidemark.restored("base", "--to", "latest"))
                    .isEqualTo(tidemark.truth().tables());
            assertThat(
                            tidemark.ask(
                                    "crm",
                                    "SELECT count(*) FROM pg_replication_slots WHERE NOT temporary"))
                    .isEqualTo("1");
            assertGoesOn(tidemark);
        }
    }

    /** What the killed runs left in source, topic and archive is in nobody's way. */
    private static void assertGoesOn(Deployment tidemark) throws Exception {
        tidemark.service("run");
        tidemark.execute("crm", "DELETE FROM public.large WHERE id % 3 = 0");
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        assertThat(tidemark.restored("later", "--to", truth.position().toString()))
                .isEqualTo(truth.tables());
        assertThat(tidemark.succeed("verify").out()).startsWith("whole: ");
        tidemark.succeed("check");
    }

    @Tag("long")
    @Test
    void aRestoreThatWasKilledIsRefusedAsATargetUntilItIsReplacedOrGoesOn() throws Exception {
        Random random = new Random(SEED);
        try (Deployment tidemark = deployment()) {
            tidemark.succeed("init");
            String[] replace = restore(tidemark, "--replace", "--confirm");
            String[] resume = restore(tidemark, "--resume");
            boolean isUnfinished = false;
            int killed = 0;
            for (int i = 0; i < RESTORES; i++) {
                String question = SESSION.formatted(now(tidemark)) + "datname = 'target'";
                Process restore =
                        tidemark.service("restore", tail(isUnfinished ? resume : replace));
                // The first one that is not the last of a replaced database: its rows come.
                tidemark.awaitInSource(
                        question + (isUnfinished ? "" : " AND query LIKE 'COPY%FROM%'"));
                Clients.pause(random, PHASES_MAX);
                restore.destroyForcibly();
                if (restore.waitFor() == 0) {
                    isUnfinished = false; // it was finished, and another would be made beside it
                    tidemark.execute("postgres", "DROP DATABASE target WITH (FORCE)");
                    continue;
                }
                killed++;
                isUnfinished = killed % 3 != 0; // it goes on twice, then it begins anew
                assertRefused(tidemark);
                awaitNobodyIn(tidemark); // a killed session's statement goes on to its end
            }
            assertThat(killed)
                    .as("restores killed at work, with -Dseed=%d", SEED)
                    .isGreaterThanOrEqualTo(KILLED_RESTORES_MIN);

            Outcome last = tidemark.process(isUnfinished ? resume : replace);

            assertThat(last.code()).as(last.err()).isZero();
            assertThat(tidemark.rows("target")).isEqualTo(tidemark.truth().tables());
            assertThat(
                            tidemark.ask(
                                    "target",
                                    "SELECT to_regclass('tidemark_restore.unfinished') IS NULL AND NOT EXISTS (SELECT FROM"
                                            + " pg_database WHERE datname LIKE '%tidemark%')"))
                    .isEqualTo("t");
        }
    }

    private static void assertRefused(Deployment tidemark) {
        Outcome second = tidemark.tidemark(restore(tidemark));
        assertThat(second.code()).isEqualTo(3);
        assertThat(second.err())
                .matches(
                        "(?s)error: target %s holds a restore that did not finish: to latest \\(cut [0-9A-F/]+\\), begun at .*Go on with --resume, or restore again with --replace --confirm, or choose another database\\..*"
                                .formatted(tidemark.database("target").url()));
    }

    private static void awaitNobodyIn(Deployment tidemark) {
        tidemark.awaitInSource(
                "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = 'target'");
    }

    private static String[] restore(Deployment tidemark, String... more) {
        String url = tidemark.database("target").url().toString();
        return Stream.concat(
                        Stream.of("restore", "--to", "latest", "--into", url), Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static String[] tail(String[] all) {
        return Arrays.copyOfRange(all, 1, all.length);
    }

    private static String now(Deployment tidemark) throws SQLException {
        return tidemark.ask("crm", "SELECT clock_timestamp()");
    }

    private Deployment deployment() throws Exception {
        Deployment tidemark =
                Deployment.start(
                        directory, PostgresBinaries.onClassPath(), "segment: {max-age: 1s}");
        tidemark.execute(
                "crm",
                """
                CREATE TABLE public.large (id int PRIMARY KEY, body text, n int);
                INSERT INTO public.large SELECT i, repeat(md5(i::text), 3), i % 7 FROM generate_series(1, %1$d) i;
                CREATE INDEX ON public.large (body);
                CREATE INDEX ON public.large (n);
                CREATE TABLE public.small AS SELECT i AS id FROM generate_series(1, 100) i;
                """
                        .replace("%1$d", Integer.toString(ROWS)));
        return tidemark;
    }
}
