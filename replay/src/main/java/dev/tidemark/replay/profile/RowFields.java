package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a row by the names of their columns. Immutable, but for the values of large ones,
 * which are those of the row.
 */
public final class RowFields {
    private final Map<String, Value> fields;

    private RowFields(Map<String, Value> fields) {
        this.fields = fields;
    }

    /**
     * Those of a row.
     *
     * @param table as it was when the row was so
     * @param row in the order of the table's stored columns
     */
    public static RowFields of(Table table, List<Value> row) {
        List<Column> columns = table.stored();
        Map<String, Value> fields = new HashMap<>();
        for (int i = 0; i < Math.min(row.size(), columns.size()); i++) {
            fields.put(columns.get(i).name(), row.get(i));
        }
        return new RowFields(fields);
    }

    /** The same, from fields by the id of their columns; others are not known. */
    public static RowFields of(Table table, Map<Integer, Value> row) {
        Map<String, Value> fields = new HashMap<>();
        for (Column column : table.stored()) {
            Optional.ofNullable(row.get(column.id()))
                    .ifPresent(value -> fields.put(column.name(), value));
        }
        return new RowFields(fields);
    }

    /** A field; {@link Value.Mark#UNKNOWN} when nothing is known of it. */
    public Value field(String column) {
        Value value = fields.getOrDefault(column, Value.Mark.UNKNOWN);
        return value.isKnown() ? value : Value.Mark.UNKNOWN;
    }

    /** Its text; empty for NULL, and for what is not known. */
    public Optional<String> text(String column) {
        Value value = field(column);
        return value instanceof Value.Mark ? Optional.empty() : Optional.of(value.toString());
    }

    boolean isUnknown(String column) {
        return field(column) == Value.Mark.UNKNOWN;
    }
}
