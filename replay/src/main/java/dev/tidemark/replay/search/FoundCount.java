package dev.tidemark.replay.search;

import java.time.Instant;
import java.util.Optional;

/**
 * How many changes answer, of one table and kind.
 *
 * @param table its name at the newest of them
 * @param life which of several tables that had this name, from 1; empty where one had it
 * @param operation INSERT, UPDATE, DELETE, SOFT DELETE, UNDELETE or TRUNCATE
 * @param rows how many different rows; of a TRUNCATE 0
 * @param first when the first was committed, in commit order
 * @param last when the last was
 */
public record FoundCount(
        String table,
        Optional<Integer> life,
        String operation,
        long changes,
        long rows,
        Instant first,
        Instant last) {}
