package dev.tidemark.cli.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random histories, restored to moments of themselves. Here for a fixed time; {@code make soak}
 * runs as long as one likes.
 */
final class DifferentialIT {
    private static final int SECONDS = 60;

    /** Enough for some seeds on the old server, where pg_dump is installed more often. */
    private static final int SECONDS_OLDEST = 20;

    @TempDir private Path directory;

    @Test
    void restoresOfRandomHistoriesEqualTheSource() throws Exception {
        Settings settings = Settings.ofProperties(SECONDS);

        assertThat(new Differential(settings, System.out).run(directory))
                .as("seeds that differ")
                .isEmpty();
    }

    @Test
    void theyDoSoOnAnOldServer() throws Exception {
        Settings settings = Settings.ofProperties(SECONDS_OLDEST).onOldest();

        assertThat(new Differential(settings, System.out).run(directory))
                .as("seeds that differ")
                .isEmpty();
    }
}
