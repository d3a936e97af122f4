package dev.tidemark.replay.drill;

import java.util.List;
import java.util.Optional;

/**
 * The rows in which a table differs.
 *
 * @param table {@code schema.name}, unquoted
 * @param rows the first of them, in no order that means anything
 * @param isAll are these all? Else there are more, and nobody counted them
 */
public record TableDifference(String table, List<Row> rows, boolean isAll) {
    public TableDifference {
        rows = List.copyOf(rows);
    }

    /** How a row differs. */
    public enum Kind {
        /** The source has it, and the restored database has not. */
        MISSING,
        /** The restored database has it, and the source has not. */
        ADDITIONAL,
        /** Both have a row of this key, with other values. */
        CHANGED,
        /** Of a table without a key: both have such rows, but not as many. */
        COUNTED
    }

    /**
     * A row that differs.
     *
     * @param key of a table with a key, as {@code id=17}; else the first digits of the row's hash
     * @param source how many such rows the source has
     * @param restored how many the restored database has
     * @param columns those that differ; of a row that only one of the two has, all, if values are
     *     shown
     */
    public record Row(String key, Kind kind, long source, long restored, List<Field> columns) {
        public Row {
            columns = List.copyOf(columns);
        }
    }

    /**
     * A column of such a row.
     *
     * @param values empty when values are not shown
     */
    public record Field(String column, Optional<Values> values) {}

    /**
     * What the two hold, the first characters of its text; nothing for NULL, and for a row that is
     * not there.
     */
    public record Values(Optional<String> source, Optional<String> restored) {}
}
