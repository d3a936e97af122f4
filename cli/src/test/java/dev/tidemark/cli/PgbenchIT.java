package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main promise: what was captured under load comes back, at any moment, exactly as the source
 * was.
 */
class PgbenchIT {
    private static final long SEED = Long.getLong("seed", 42);
    private static final int SESSIONS = 8;
    private static final int MOMENTS = 5;

    /** 30 s in all; -Dpgbench.seconds for a longer run. */
    private static final Duration LOAD =
            Duration.ofSeconds(Integer.getInteger("pgbench.seconds", 15));

    @TempDir private Path directory;

    @Test
    void aLoadedSourceIsRestoredExactlyAtFiveMomentsAndAtLatest() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory, PostgresBinaries.onClassPath(), "segment: {max-age: 2s}")) {
            PgbenchLoad.create(tidemark);
            tidemark.succeed("init");
            Process service = tidemark.service("run");

            List<Truth> underLoad = new ArrayList<>();
            List<Truth> quiet = new ArrayList<>();
            Truth last;
            try (PgbenchLoad load = PgbenchLoad.start(tidemark, SESSIONS, SEED)) {
                for (int i = 0; i < MOMENTS; i++) {
                    TimeUnit.NANOSECONDS.sleep(LOAD.dividedBy(MOMENTS).toNanos());
                    underLoad.add(tidemark.truth());
                    load.pause(); // so that a time too names what the truth shows
                    quiet.add(tidemark.truth());
                    load.resume();
                }
                load.pause();
                assertThat(load.failures()).isEmpty();
                last = tidemark.truth();
            }
            tidemark.awaitArchivedPast(last);
            Deployment.signal(service, "TERM");
            assertThat(service.waitFor(10, TimeUnit.SECONDS)).as("stopped within 10 s").isTrue();
            assertThat(service.exitValue()).as(tidemark.log("run", 0)).isZero();

            for (int i = 0; i < MOMENTS; i++) {
                Truth busy = underLoad.get(i);
                assertThat(tidemark.restored("busy" + i, "--to", busy.position().toString()))
                        .as("restored to %s; rerun with -Dseed=%d", busy.position(), SEED)
                        .isEqualTo(busy.tables());
                Truth calm = quiet.get(i);
                assertThat(tidemark.restored("calm" + i, "--to", calm.time().toString()))
                        .as("restored to %s; rerun with -Dseed=%d", calm.time(), SEED)
                        .isEqualTo(calm.tables());
            }
            assertThat(tidemark.restored("latest", "--to", "latest")).isEqualTo(last.tables());
            assertThat(tidemark.tidemark("verify").code()).isZero();
        }
    }
}
