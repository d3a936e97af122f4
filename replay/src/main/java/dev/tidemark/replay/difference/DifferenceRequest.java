package dev.tidemark.replay.difference;

import java.util.List;

/**
 * What somebody wants to know.
 *
 * @param tables names of tables, which may be older ones; empty for all
 * @param rowsMax how many rows are told, the others are only counted
 */
public record DifferenceRequest(List<String> tables, Scope scope, int rowsMax) {
    /** Which rows count. */
    public enum Scope {
        /** All that were changed, also those that are in the end as they were. */
        TOUCHED,
        /** Those that differ in the end. */
        NET
    }

    public DifferenceRequest {
        tables = List.copyOf(tables);
        if (rowsMax < 0) {
            throw new IllegalArgumentException("rows: " + rowsMax);
        }
    }
}
