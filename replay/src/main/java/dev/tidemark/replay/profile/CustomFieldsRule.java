package dev.tidemark.replay.profile;

import dev.tidemark.replay.rows.VirtualReference;
import java.util.Optional;

/**
 * Where a profile says that fields are which users added. Immutable.
 *
 * @param reference from a row that holds such fields to the row that has them
 * @param valued where a row holds one field only; else each of its columns is one
 */
record CustomFieldsRule(VirtualReference reference, Optional<Valued> valued) {
    /**
     * A row for each field.
     *
     * @param field the column that says which
     * @param value the column that holds the value
     * @param names the column, {@code table.column}, with the names of fields
     */
    record Valued(String field, String value, Optional<Names> names) {}

    /**
     * The table that says how fields are called.
     *
     * @param key what {@code field} names
     */
    record Names(String table, String key, String name) {}
}
