package dev.tidemark.archive.ledger;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that was done with an archive, see docs/format.md.
 *
 * @param time when it was finished, by the clock of who did it
 * @param manifest the number of the newest manifest then
 * @param good did it end well: was the archive whole, is the restored database equal to it?
 * @param millis how long it took
 * @param bytes of the archive that were read
 */
public record LedgerEntry(
        int format, Kind kind, Instant time, long manifest, boolean good, long millis, long bytes) {
    /** What was done. */
    public enum Kind {
        /** All of the archive was read and checked. */
        VERIFY,
        /** A database was built, whole, and read back. */
        RESTORE
    }

    /** How long it took. */
    public Duration took() {
        return Duration.ofMillis(millis);
    }
}
