package dev.tidemark.archive.fold;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Set;

/**
 * Some rows of a table, by their keys at a cut. Immutable.
 *
 * @param key ids of the columns of the table's key
 * @param rows the fields of each row's key, in that order; all are texts
 */
public record KeyedRows(List<Integer> key, Set<List<Value>> rows) {
    public KeyedRows {
        key = List.copyOf(key);
        rows = Set.copyOf(rows);
        if (key.isEmpty()) {
            throw new IllegalArgumentException("rows without a key");
        }
        for (List<Value> row : rows) {
            if (row.size() != key.size() || row.stream().anyMatch(Value.Mark.class::isInstance)) {
                throw new IllegalArgumentException("no key: " + row);
            }
        }
    }
}
