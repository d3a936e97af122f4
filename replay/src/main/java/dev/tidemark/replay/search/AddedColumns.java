package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which values rows got in columns that were added later: as the table said when the column came,
 * since a table that is written anew forgets it. For one thread.
 */
final class AddedColumns {
    private record Of(long table, int column) {}

    private final Map<Of, Value> values = new HashMap<>();

    /** Hears of each shape of a table, in commit order. */
    void learn(Table table) {
        for (Column column : table.stored()) {
            values.putIfAbsent(
                    new Of(table.id(), column.id()),
                    column.missing().map(Value::text).orElse(Value.Mark.NULL));
        }
    }

    /** The fields of a row of an earlier shape in a later one. */
    List<Value> move(Table from, List<Value> fields, Table to) {
        boolean isSame = to.id() == from.id() && to.version() == from.version();
        if (isSame) {
            return fields;
        }
        List<Integer> ids = from.stored().stream().map(Column::id).toList();
        List<Value> moved = new ArrayList<>();
        for (Column column : to.stored()) {
            int place = ids.indexOf(column.id());
            moved.add(
                    place >= 0
                            ? fields.get(place)
                            : values.getOrDefault(new Of(to.id(), column.id()), Value.Mark.NULL));
        }
        return moved;
    }
}
