package dev.tidemark.replay.history;

import dev.tidemark.replay.history.UserNames.Acting;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
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

    /** The same with whom the row names, where nobody else is known. */
    LineEntry claimed(Claims claims) {
        boolean isOfRow = operation.equals("INSERT") || operation.equals("UPDATE");
        if (!isOfRow || row.isEmpty() || actor.name().isPresent()) {
            return this;
        }
        Optional<String> claim =
                claims.of(table, Operation.valueOf(operation), RowFields.of(table, row.get()));
        return by(Actor.of(actor.said(), claim));
    }

    /** Who acts, to be named; empty when that is not known. */
    Optional<Acting> acting() {
        return actor.name().map(name -> new Acting(name, table, stretch, position));
    }

    /** The same with how its actor was called. */
    LineEntry named(Map<Acting, String> names) {
        return by(actor.called(acting().flatMap(one -> Optional.ofNullable(names.get(one)))));
    }

    private LineEntry by(Actor newActor) {
        return new LineEntry(
                stretch, time, position, xid, newActor, table, key, operation, fields, before, row);
    }

    /** Does it begin the row's life, so that no field is older? */
    boolean isBirth() {
        return operation.equals("INSERT");
    }
}
