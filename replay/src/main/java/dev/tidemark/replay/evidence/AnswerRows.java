package dev.tidemark.replay.evidence;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rows of an answer. Immutable.
 *
 * @param columns each with a name of its own
 * @param rows a text or NULL for each column, the text as PostgreSQL writes it
 * @param hasMore are there more than these?
 */
public record AnswerRows(List<Column> columns, List<List<Value>> rows, boolean hasMore) {
    /**
     * A column.
     *
     * @param type by PostgreSQL's name
     */
    public record Column(String name, String type, Content content) {
        /** One that holds values. */
        public Column(String name, String type) {
            this(name, type, Content.VALUES);
        }

        /** What says of each value of a column what it is; it comes next to that. */
        static Column whatIs(Column column) {
            return new Column(column.name() + "_is", RowMaker.TEXT, Content.WHAT_THEY_ARE);
        }
    }

    /** What is in a column. */
    public enum Content {
        VALUES,
        /** What the values of the column before it are: known, unknown, absent. */
        WHAT_THEY_ARE
    }

    /** Column names differ in more than case, which not every reader tells apart. */
    public AnswerRows {
        columns = distinct(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<Value> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        row.size() + " fields for " + columns.size() + " columns");
            }
        }
    }

    private static List<Column> distinct(List<Column> columns) {
        Set<String> taken = new HashSet<>();
        List<Column> distinct = new ArrayList<>();
        for (Column column : columns) {
            String name = column.name().isEmpty() ? "column" : column.name();
            String free = name;
            for (int n = 1; !taken.add(free.toLowerCase(java.util.Locale.ROOT)); n++) {
                free = name + "_" + n;
            }
            distinct.add(new Column(free, column.type(), column.content()));
        }
        return List.copyOf(distinct);
    }
}
