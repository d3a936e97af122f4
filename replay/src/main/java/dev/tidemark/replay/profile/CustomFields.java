package dev.tidemark.replay.profile;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fields of rows that users added, in another table. Immutable.
 *
 * @param table {@code schema.name} of the one that holds them
 * @param column what names there the row that has them
 * @param owner {@code schema.name} of that row's table
 * @param ownerColumn what is named
 * @param when columns of {@code table}, and values of which each must have one
 * @param valued where a row holds one field only; else each column is one
 */
public record CustomFields(
        String table,
        String column,
        String owner,
        String ownerColumn,
        Map<String, List<String>> when,
        Optional<Valued> valued) {
    /**
     * A row for each field.
     *
     * @param field the column that says which
     * @param value the column that holds the value
     */
    public record Valued(String field, String value, Optional<Names> names) {}

    /**
     * How fields are called.
     *
     * @param table {@code schema.name}
     * @param key the column that {@code field} names
     * @param name the column with the name
     */
    public record Names(String table, String key, String name) {}

    public CustomFields {
        when = Map.copyOf(when);
    }
}
