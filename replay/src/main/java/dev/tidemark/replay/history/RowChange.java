package dev.tidemark.replay.history;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one transaction did to one row.
 *
 * @param xid the source's id of the transaction; 0 for BASE
 * @param table its name as of then
 * @param key of the row after it; of one that is gone, before it
 * @param operation INSERT, UPDATE, DELETE, TRUNCATE or DROP TABLE; ALTER TABLE by a command that
 *     gave the row a field; REWRITE by one that changed the whole table: without fields the archive
 *     does not know what the row holds since. BASE then tells what a later base of the table holds;
 *     without fields the row is not there.
 * @param fields those that changed, in the table's order
 * @param row all fields after it; empty when the row is gone, and unless whole rows were asked for
 */
public record RowChange(
        Instant time,
        Position position,
        long xid,
        Actor actor,
        String table,
        List<String> key,
        String operation,
        List<ChangedField> fields,
        Optional<List<RowField>> row) {
    public RowChange {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
        row = row.map(List::copyOf);
    }
}
