package dev.tidemark.archive.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that was done with an archive, see docs/format.md.
 *
 * @param time when it was finished, by the clock of who did it
 * @param manifest the number of the newest manifest then
 * @param good did it end well: was the archive whole, is the restored database equal to it?
 * @param millis how long it took
 * @param bytes of the archive that were read; of a restore, sent as text of rows; of a base or what
 *     was merged, written; of what expired, let go
 * @param by user and machine; empty in entries of before, and without an encrypted archive's key. A
 *     text: it is stored encrypted there
 * @param drill what a drill proved; empty in entries of before, and of all else
 */
public record LedgerEntry(
        int format,
        Kind kind,
        Instant time,
        long manifest,
        boolean good,
        long millis,
        long bytes,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> by,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Drill> drill) {
    /** Of all but a drill. */
    public LedgerEntry(
            int format,
            Kind kind,
            Instant time,
            long manifest,
            boolean good,
            long millis,
            long bytes,
            Optional<String> by) {
        this(format, kind, time, manifest, good, millis, bytes, by, Optional.empty());
    }

    /**
     * What a drill proved.
     *
     * @param verdict the name of a {@link DrillVerdict}; a newer version may know more
     * @param restoreMillis how long its restore took; empty when that did not come to its end
     */
    public record Drill(
            String verdict,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalLong restoreMillis) {
        public Drill(DrillVerdict verdict, OptionalLong restoreMillis) {
            this(verdict.name(), restoreMillis);
        }

        /** Did it come to this? */
        public boolean is(DrillVerdict one) {
            return verdict.equals(one.name());
        }

        /** How long its restore took. */
        public Optional<Duration> restored() {
            return restoreMillis.isPresent()
                    ? Optional.of(Duration.ofMillis(restoreMillis.getAsLong()))
                    : Optional.empty();
        }
    }

    /** What was done. */
    public enum Kind {
        /** The archive got its first base. */
        INIT,
        /** A base was made from the archive. */
        BASE,
        /**
         * A base was taken from the source, since changes could not go on: a gap lies before it.
         */
        GAP,
        /** The archive stood still for some time, and went on without a gap. */
        OUTAGE,
        /** Segments were merged. */
        MERGE,
        /** Bases and segments that a policy does not keep were let go. */
        EXPIRE,
        /** All of the archive was read and checked. */
        VERIFY,
        /** Every byte of the archive was read and compared with its hash, and no more. */
        VERIFY_HASHES,
        /** The archive's manifests were checked, and whether all files are there, and no more. */
        VERIFY_FILES,
        /** Only what was published since some manifest was checked, beside the manifests. */
        VERIFY_PART,
        /** A database was built, whole, and read back. */
        RESTORE,
        /**
         * The same for a proof: good when it was as it should be. It has an entry as a restore too.
         */
        DRILL
    }

    /** The same, done by somebody. */
    LedgerEntry by(Optional<String> somebody) {
        return new LedgerEntry(format, kind, time, manifest, good, millis, bytes, somebody, drill);
    }

    /** The same of a drill. */
    public LedgerEntry proving(Drill proof) {
        return new LedgerEntry(
                format, kind, time, manifest, good, millis, bytes, by, Optional.of(proof));
    }

    /** How long it took. */
    public Duration took() {
        return Duration.ofMillis(millis);
    }
}
