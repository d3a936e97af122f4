package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restored database can be worked on: its sequences are not behind what the source handed out
 * before the cut.
 */
class SequencesIT {
    @TempDir private Path directory;

    @Test
    void everyNumberThatWasHandedOutBeforeTheCutIsUsedUp() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}")) {
            tidemark.execute(
                    "crm",
                    "CREATE TABLE public.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);"
                            + " CREATE SEQUENCE public.free");
            tidemark.succeed("init");
            tidemark.service("run");
            tidemark.execute("crm", "INSERT INTO public.t SELECT FROM generate_series(1, 1000)");
            tidemark.ask("crm", "SELECT max(nextval('public.free')) FROM generate_series(1, 777)");
            Truth cut = tidemark.truth();
            tidemark.awaitArchivedPast(cut.later(Duration.ofSeconds(2))); // a sample after it

            tidemark.restored("restored", "--to", cut.position().toString());

            assertThat(tidemark.ask("restored", "INSERT INTO public.t DEFAULT VALUES RETURNING id"))
                    .isEqualTo("1001");
            assertThat(Long.parseLong(tidemark.ask("restored", "SELECT nextval('public.free')")))
                    .isGreaterThan(777);
        }
    }
}
