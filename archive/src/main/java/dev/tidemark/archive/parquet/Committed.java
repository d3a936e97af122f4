package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/**
 * What names a transaction of a segment.
 *
 * @param index its place in the segment, from 0
 * @param position the end of its commit record
 * @param xid the source's id of it
 */
public record Committed(int index, Position position, long xid, Instant commitTime) {}
