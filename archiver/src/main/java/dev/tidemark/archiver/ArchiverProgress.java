package dev.tidemark.archiver;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/**
 * How far the archiver is, for those who watch.
 *
 * @param working is this the archiver that works, or does it stand by?
 * @param segments published since the start
 * @param changes published since the start
 * @param bytes published since the start
 * @param archived the last position in the archive
 * @param archivedTime its commit time
 */
public record ArchiverProgress(
        boolean working,
        long segments,
        long changes,
        long bytes,
        Position archived,
        Instant archivedTime) {
    static final ArchiverProgress NONE =
            new ArchiverProgress(false, 0, 0, 0, Position.ZERO, Instant.EPOCH);
}
