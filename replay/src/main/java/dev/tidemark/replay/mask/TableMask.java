package dev.tidemark.replay.mask;

import java.util.Map;
import java.util.Optional;

/** What a mask file decides about a table. */
public sealed interface TableMask {
    /** All rows as they are. */
    record KeepAll() implements TableMask {}

    /** It comes back without rows. */
    record DropRows() implements TableMask {}

    /**
     * Column by column.
     *
     * @param columns by name
     * @param others for columns that are not named, if it says so
     */
    record Columns(Map<String, Mask> columns, Optional<Mask> others) implements TableMask {
        public Columns {
            columns = Map.copyOf(columns);
        }

        /** What it says of a column. */
        Optional<Mask> of(String column) {
            return Optional.ofNullable(columns.get(column)).or(() -> others);
        }
    }
}
