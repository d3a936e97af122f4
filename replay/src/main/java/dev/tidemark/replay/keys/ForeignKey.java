package dev.tidemark.replay.keys;

import java.util.List;

/**
 * Rows of one table that name rows of another.
 *
 * @param name of the constraint
 * @param child the id of the table that names
 * @param columns its columns' names
 * @param parent {@code schema.name} of the table that is named, unquoted
 * @param parentColumns names, in the order of {@code columns}
 * @param onDelete what the source does when a row is deleted that others name
 */
public record ForeignKey(
        String name,
        long child,
        List<String> columns,
        TableName parent,
        List<String> parentColumns,
        OnDelete onDelete) {
    /** What becomes of rows that name one which is deleted. */
    public enum OnDelete {
        /** They are in its way. */
        REFUSED,
        /** They are deleted, or changed. */
        FOLLOWED
    }

    /** The name of a table, unquoted. */
    public record TableName(String schema, String name) {}

    public ForeignKey {
        columns = List.copyOf(columns);
        parentColumns = List.copyOf(parentColumns);
        if (columns.isEmpty() || columns.size() != parentColumns.size()) {
            throw new IllegalArgumentException(columns + " cannot name " + parentColumns);
        }
    }
}
