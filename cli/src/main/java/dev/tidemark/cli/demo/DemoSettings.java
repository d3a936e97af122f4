package dev.tidemark.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a demo runs.
 *
 * @param directory where servers and archive keep their data; empty for a temporary one
 * @param isKept leave it behind
 * @param scale of the CRM: 1 is about 60,000 rows
 * @param perSecondMax transactions of all sessions together
 * @param phase how long the CRM works before and between the moments
 */
public record DemoSettings(
        Optional<Path> directory,
        boolean isKept,
        long seed,
        double scale,
        int perSecondMax,
        Duration phase) {
    /** Two small cores do this beside the services, so that what is measured is not a queue. */
    private static final int PER_SECOND_MAX = 700;

    /** Three such phases make a demo of about a minute. */
    private static final Duration PHASE = Duration.ofSeconds(6);

    public DemoSettings {
        new CrmSize(scale); // refuses a scale that is out of range
    }

    /** With the usual load. */
    public static DemoSettings of(
            Optional<Path> directory, boolean isKept, long seed, double scale) {
        return new DemoSettings(directory, isKept, seed, scale, PER_SECOND_MAX, PHASE);
    }
}
