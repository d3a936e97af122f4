package dev.tidemark.cli.config;

import java.time.Duration;

/**
 * When the archiver publishes a segment.
 *
 * @param ageMax a segment older than this is published at the next transaction's end
 * @param bytesMax a larger one, too
 * @param memoryBytesMax buffered beyond this, changes spill to disk
 * @param idleAge an idle source's position is published so often
 */
public record SegmentSettings(
        Duration ageMax, long bytesMax, long memoryBytesMax, Duration idleAge) {}
