package dev.tidemark.cli.metrics;

import dev.tidemark.archiver.ArchiverProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that is known at one moment: what every meter of a scrape is computed of.
 *
 * @param source what the newest look at the source found; empty before the first
 * @param disks what the newest look at each disk found
 */
record Reading(
        Instant now,
        List<ServiceState.Snapshot> services,
        Optional<CaptureLook> capture,
        Optional<ArchiverProgress> archiver,
        Optional<SourceSample> source,
        Optional<LedgerSample> ledger,
        List<DiskSample> disks) {
    /** How long ago; NaN for a time that is not known. */
    double secondsSince(Instant time) {
        return time.equals(Instant.EPOCH)
                ? Double.NaN
                : Math.max(0, seconds(Duration.between(time, now)));
    }

    /** As Unix time; NaN for a time that is not known. */
    static double unixTime(Instant time) {
        return time.equals(Instant.EPOCH)
                ? Double.NaN
                : seconds(Duration.between(Instant.EPOCH, time));
    }

    static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }
}
