package dev.tidemark.replay.history;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change of a row's life line, with what the row is before and after it.
 *
 * @param stretch which of the archive's it is in
 * @param table as of then
 * @param key the line's, after it
 * @param fields those that changed
 * @param before the row before it by column id; empty when there was none
 * @param row the same after it
 */
record LineEntry(
        int stretch,
        Instant time,
        Position position,
        long xid,
        Actor actor,
        Table table,
        List<Value> key,
        String operation,
        List<Field> fields,
        Optional<Map<Integer, Value>> before,
        Optional<Map<Integer, Value>> row) {
    /** A field that changed. */
    record Field(Column column, Value before, Value after) {}

    LineEntry {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
        before = before.map(LinkedHashMap::new);
        row = row.map(LinkedHashMap::new);
    }

    /** Does it begin the row's life, so that no field is older? */
    boolean isBirth() {
        return operation.equals("INSERT");
    }
}
