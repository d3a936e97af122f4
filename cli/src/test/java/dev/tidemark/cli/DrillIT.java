package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drill beside services and load: what it proves, what it notes, and that it leaves nothing. */
class DrillIT {
    private static final long SEED = Long.getLong("seed", 42);
    private static final int SESSIONS = 4;

    @TempDir private Path directory;

    @Test
    void aRestoreIsEqualToTheSourceUnderLoadAndAMomentByChanceIsReadBack() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        """
                        segment: {max-age: 2s}
                        temporary-directory: temporary
                        drill: {hold: 2h}
                        """)) {
            PgbenchLoad.create(tidemark);
            tidemark.succeed("init");
            Outcome early = tidemark.tidemark("drill", "--require-source");
            Process run = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "capturing");

            Outcome equal;
            try (PgbenchLoad load = PgbenchLoad.start(tidemark, SESSIONS, SEED)) {
                equal = tidemark.tidemark("drill", "--require-source");
                assertThat(load.failures()).isEmpty();
            }

            assertThat(early.code()).isEqualTo(3);
            assertThat(early.err())
                    .isEqualTo(
                            """
                            error: no capture streams from the slot 'tidemark_crm', so that the source's present will not be archived
                            HINT: Start the services with 'tidemark run'.
                            """);
            assertThat(equal.code()).as(equal.out() + equal.err()).isZero();
            assertThat(equal.out())
                    .containsPattern("public.accounts +80000 +[0-9a-f]{32} +equal\n")
                    .containsPattern(
                            "(?m)^equal to the source at 0/[0-9A-F]+ \\(20.*Z\\): .* of 4 tables$");
            assertNothingIsLeft(tidemark);

            checkMomentsByChance(tidemark);
            checkGivenDatabase(tidemark);
            assertThat(tidemark.succeed("ledger").out())
                    .contains("drill: 4 of 4 good")
                    .contains("restore: 4 of 4 good")
                    .contains("good, equal to the source", "good, restored and read back");
            checkASnapshotIsLetGo(tidemark);
            checkAnInterruptLeavesNothing(tidemark);
            checkTheArchiverDrills(tidemark, run);
        }
    }

    private static void checkASnapshotIsLetGo(Deployment tidemark) throws Exception {
        Path brief = tidemark.configuration("brief", "hold: 2h", "hold: 1ms");

        Outcome broken = tidemark.tidemark(brief, "drill", "--require-source");

        assertThat(broken.code()).isEqualTo(4);
        assertThat(broken.err())
                .endsWith(
                        """
                        error: the source's snapshot was let go after 1 ms, since the source keeps its log and its dead rows for it
                        HINT: Give it longer, with --hold or drill.hold, or drill when less is at work. With --no-source the source is not read.
                        """);
        assertThat(tidemark.succeed("ledger").out())
                .contains("drill: 4 of 5 good", "not good, broke off");
    }

    /** While the server waits for a transaction, which no interrupt of ours ends by itself. */
    private void checkAnInterruptLeavesNothing(Deployment tidemark) throws Exception {
        Process drill;
        try (Connection writer = tidemark.connectAsClient();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("CREATE TABLE public.unfinished (id int)");
            drill =
                    tidemark.service(
                            "drill",
                            "--require-source",
                            "--into",
                            tidemark.database("cut_off").url().toString());
            tidemark.awaitInSource(
                    "SELECT count(*) = 1 FROM pg_replication_slots WHERE slot_name ~ '^tidemark_drill_'");
            Deployment.signal(drill, "TERM");
            drill.waitFor();
            tidemark.awaitInSource(
                    "SELECT count(*) = 0 FROM pg_replication_slots WHERE slot_name ~ '^tidemark_drill_'");
            writer.rollback();
        }
        assertThat(drill.exitValue()).as(tidemark.newestLog("drill")).isEqualTo(130);
        assertThat(isThere(tidemark, "cut_off")).isEqualTo("f");
        assertNothingIsLeft(tidemark);
    }

    /** The newest drill was not good, and so is not long enough ago. */
    private void checkTheArchiverDrills(Deployment tidemark, Process before) throws Exception {
        Deployment.signal(before, "TERM");
        before.waitFor();
        tidemark.reconfigure("hold: 2h", "hold: 2h, every: 1s");

        Process run = tidemark.service("run");
        Deployment.await(
                () -> "two drills; the services said:\n" + tidemark.logs(),
                () -> tidemark.newestLog("run").split("drill: ended well", -1).length > 2);
        Deployment.signal(run, "TERM");
        run.waitFor();

        assertThat(tidemark.newestLog("run"))
                .containsPattern("drill: equal to the source at .* of 4 tables")
                .containsPattern("drill: restored and read back as of .* of 4 tables");
        assertNothingIsLeft(tidemark);
    }

    private static void checkMomentsByChance(Deployment tidemark) {
        Outcome one = tidemark.succeed("drill", "--seed", "7", "--json");
        Outcome none = tidemark.tidemark("drill", "--to", "2020-01-01T00:00:00Z");

        assertThat(one.out())
                .contains("\"verdict\" : \"RESTORED_AND_READ_BACK\"")
                .contains("\"seed\" : 7");
        assertThat(none.code()).isEqualTo(3);
        assertThat(none.err())
                .contains("2020-01-01T00:00:00Z is before the archive's first moment");
    }

    private void checkGivenDatabase(Deployment tidemark) throws Exception {
        String url = tidemark.database("scratch").url().toString();
        tidemark.execute("postgres", "CREATE DATABASE full_one");
        tidemark.execute("full_one", "CREATE TABLE public.precious (id int)");
        tidemark.execute("postgres", "CREATE DATABASE somebodys");
        String somebodys = tidemark.database("somebodys").url().toString();

        Outcome dropped = tidemark.succeed("drill", "--to", "latest", "--into", url);
        Outcome refused =
                tidemark.tidemark(
                        "drill",
                        "--to",
                        "latest",
                        "--into",
                        tidemark.database("full_one").url().toString());
        Outcome empty = tidemark.tidemark("drill", "--to", "latest", "--into", somebodys);
        assertThat(isThere(tidemark, "scratch")).isEqualTo("f");
        Outcome kept = tidemark.succeed("drill", "--into", url, "--keep");

        assertThat(dropped.out()).contains("restored and read back as of ", "restored into " + url);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .isEqualTo(
                        """
                        error: target %s is not empty, but holds table public.precious
                        HINT: A drill makes its database and drops it. Name one that does not exist.
                        """
                                .formatted(tidemark.database("full_one").url()));
        assertThat(empty.code()).isEqualTo(3);
        assertThat(empty.err())
                .isEqualTo(
                        """
                        error: target %s exists, and no drill made it
                        HINT: A drill drops only what it made. Drop it, name one that does not exist, or let the drill fill it and leave it so, with --keep.
                        """
                                .formatted(somebodys));
        assertThat(isThere(tidemark, "somebodys")).isEqualTo("t");
        assertThat(kept.out()).contains("equal to the source at ");
        assertThat(tidemark.ask("scratch", "SELECT count(*) FROM public.accounts"))
                .isEqualTo("80000");
        assertNothingIsLeft(tidemark);
    }

    private static String isThere(Deployment tidemark, String database) throws Exception {
        return tidemark.ask(
                "postgres",
                "SELECT EXISTS (SELECT FROM pg_database WHERE datname = '" + database + "')");
    }

    private void assertNothingIsLeft(Deployment tidemark) throws Exception {
        assertThat(
                        tidemark.ask(
                                "postgres",
                                "SELECT string_agg(slot_name, ' ') FROM pg_replication_slots"))
                .isEqualTo("tidemark_crm");
        try (Stream<Path> files = Files.list(directory.resolve("temporary"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.contains("drill"));
        }
    }
}
