package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Some values that columns have: what a guess about them can be held against. For one thread.
 *
 * <p>It holds values of rows in memory, and none of them is shown but those of columns that look
 * like the names of kinds.
 */
public final class ValueSample {
    private static final int VALUES_MAX = 2_000; // of a column; kinds and users are fewer
    private static final int BYTES_MAX = 200; // longer ones name nothing

    private final Map<Long, Map<String, Set<String>>> tables = new HashMap<>();

    /** Takes a row, in the order of the table's stored columns. */
    public void add(Table table, List<Value> row) {
        Map<String, Set<String>> columns =
                tables.computeIfAbsent(table.id(), id -> new HashMap<>());
        List<Column> stored = table.stored();
        for (int i = 0; i < stored.size(); i++) {
            Value value = row.get(i);
            Set<String> values =
                    columns.computeIfAbsent(stored.get(i).name(), name -> new TreeSet<>());
            boolean isText = !(value instanceof Value.Mark) && value.bytes() <= BYTES_MAX;
            if (isText && values.size() < VALUES_MAX) {
                values.add(value.toString());
            }
        }
    }

    /** The values of a column that were seen, in order. */
    Set<String> of(Table table, String column) {
        return tables.getOrDefault(table.id(), Map.of()).getOrDefault(column, Set.of());
    }
}
