package dev.tidemark.replay.history;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rows by column id, so that versions of a table can be compared. */
final class Fields {
    private Fields() {}

    /** A row's fields by column id. */
    static Map<Integer, Value> byColumn(Table table, List<Value> row) {
        Map<Integer, Value> fields = new LinkedHashMap<>();
        List<Column> columns = table.stored();
        for (int i = 0; i < row.size(); i++) {
            fields.put(columns.get(i).id(), row.get(i));
        }
        return fields;
    }

    /** The key's fields as text, in the key's order; of a bag, all. */
    static List<String> key(Table table, List<Value> row) {
        Map<Integer, Value> fields = byColumn(table, row);
        List<Integer> ids = table.key().isEmpty() ? List.copyOf(fields.keySet()) : table.key();
        return ids.stream()
                .map(id -> text(fields.getOrDefault(id, Value.Mark.UNKNOWN)).orElse(""))
                .toList();
    }

    /**
     * What is known of a row before an update that came without a before-image: its key, since the
     * source sends one when the key changes.
     */
    static Map<Integer, Value> keyOf(Table table, List<Value> after) {
        Map<Integer, Value> fields = byColumn(table, after);
        fields.keySet().retainAll(table.key());
        return fields;
    }

    /** The row after a change: fields that it left alone are those of the version before. */
    static Map<Integer, Value> after(Table table, Entry.Row row, Map<Integer, Value> before) {
        Map<Integer, Value> now = byColumn(table, row.after());
        now.replaceAll(
                (id, value) ->
                        value == Value.Mark.UNCHANGED
                                ? before.getOrDefault(id, Value.Mark.UNKNOWN)
                                : value);
        return now;
    }

    /** What differs. Only fields that one of the two knows are named. */
    static List<FieldChange> difference(
            Table table, Map<Integer, Value> before, Map<Integer, Value> after, boolean wasThere) {
        List<FieldChange> changes = new ArrayList<>();
        for (Column column : table.stored()) {
            Value old =
                    before.getOrDefault(
                            column.id(), wasThere ? Value.Mark.UNKNOWN : Value.Mark.NULL);
            Value now = after.getOrDefault(column.id(), Value.Mark.NULL);
            if (!old.equals(now) && now.isKnown()) {
                changes.add(new FieldChange(column.name(), text(old), text(now), old.isKnown()));
            }
        }
        return changes;
    }

    static Optional<String> text(Value value) {
        return value instanceof Value.Mark ? Optional.empty() : Optional.of(value.toString());
    }
}
