package dev.tidemark.replay.query;

import java.time.Duration;

/**
 * What a question may take.
 *
 * @param memoryBytes of DuckDB, outside of the heap
 * @param spillBytes of DuckDB, on local disk
 * @param time with all that is read for it
 * @param rowsMax rows that are given; more are only mentioned
 */
public record Limits(long memoryBytes, long spillBytes, Duration time, int rowsMax) {
    public Limits {
        if (rowsMax < 1 || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(rowsMax + " rows, " + time);
        }
    }
}
