package dev.tidemark.archiver.merge;

import java.time.Duration;

/**
 * Bounds of merging.
 *
 * @param bytes of the files of the segments that become one: a bound of the room on local disk, and
 *     of what a reader of one table or moment has to read
 * @param transactions of the segments that become one
 * @param keep how long files of replaced segments stay for those who read the archive as it was
 * @param keepManifests how old manifests are when a thousand of them become one object: longer than
 *     a writer may stand still
 */
public record MergeLimits(long bytes, long transactions, Duration keep, Duration keepManifests) {
    private static final long DEFAULT_BYTES = 1024L * 1024 * 1024;
    private static final long DEFAULT_TRANSACTIONS = 5_000_000;

    /** Enough for a restore of a large database. */
    private static final Duration DEFAULT_KEEP = Duration.ofHours(6);

    private static final Duration DEFAULT_KEEP_MANIFESTS = Duration.ofDays(7);

    /** What holds unless somebody knows better. */
    public static final MergeLimits DEFAULT =
            new MergeLimits(
                    DEFAULT_BYTES, DEFAULT_TRANSACTIONS, DEFAULT_KEEP, DEFAULT_KEEP_MANIFESTS);
}
