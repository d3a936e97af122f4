package dev.tidemark.archiver.segment;

import java.time.Duration;

/**
 * When a segment ends, always at the end of a transaction.
 *
 * @param ageMax after its first change
 * @param idleAgeMax when it holds nothing but heartbeats: reached step by step, so that the first
 *     quiet moments after work can be restored soon, and an idle database makes few files
 * @param bytesMax of its journal, nearly
 * @param memoryBytesMax of changes kept in memory before they are written to a local file
 */
public record SegmentLimits(
        Duration ageMax, Duration idleAgeMax, long bytesMax, long memoryBytesMax) {
    public SegmentLimits {
        if (ageMax.isNegative() || bytesMax <= 0 || memoryBytesMax <= 0) {
            throw new IllegalArgumentException("limits of a segment must be positive");
        }
    }

    /** The age at which a segment of heartbeats ends when so many like it went before. */
    public Duration idleAge(int before) {
        Duration age = ageMax.multipliedBy(1L << Math.min(before, 16));
        return age.compareTo(idleAgeMax) < 0 ? age : idleAgeMax;
    }
}
