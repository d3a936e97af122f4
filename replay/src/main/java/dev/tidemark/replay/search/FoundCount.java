package dev.tidemark.replay.search;

import java.time.Instant;

/**
 * How many changes answer, of one table and kind.
 *
 * @param table its name at the newest of them
 * @param operation INSERT, UPDATE, DELETE, SOFT DELETE, UNDELETE or TRUNCATE
 * @param rows how many different rows; of a TRUNCATE 0
 * @param first when the first was committed, in commit order
 * @param last when the last was
 */
public record FoundCount(
        String table, String operation, long changes, long rows, Instant first, Instant last) {}
