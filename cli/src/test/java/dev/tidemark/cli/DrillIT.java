package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
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
                        "segment: {max-age: 2s}\ntemporary-directory: temporary")) {
            PgbenchLoad.create(tidemark);
            tidemark.succeed("init");
            Deployment.Outcome early = tidemark.tidemark("drill", "--require-source");
            tidemark.service("run");
            tidemark.awaitLogged("run", 0, "capturing");

            Deployment.Outcome equal;
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
                    .contains("restore: 4 of 4 good");
        }
    }

    private static void checkMomentsByChance(Deployment tidemark) {
        Deployment.Outcome one = tidemark.succeed("drill", "--seed", "7", "--json");
        Deployment.Outcome none = tidemark.tidemark("drill", "--to", "2020-01-01T00:00:00Z");

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

        Deployment.Outcome dropped = tidemark.succeed("drill", "--to", "latest", "--into", url);
        Deployment.Outcome refused =
                tidemark.tidemark(
                        "drill",
                        "--to",
                        "latest",
                        "--into",
                        tidemark.database("full_one").url().toString());
        assertThat(isThere(tidemark, "scratch")).isEqualTo("f");
        Deployment.Outcome kept = tidemark.succeed("drill", "--into", url, "--keep");

        assertThat(dropped.out()).contains("restored and read back as of ", "restored into " + url);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .isEqualTo(
                        """
                        error: target %s is not empty, but holds table public.precious
                        HINT: A drill drops its database. Name one that is empty or does not exist.
                        """
                                .formatted(tidemark.database("full_one").url()));
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
