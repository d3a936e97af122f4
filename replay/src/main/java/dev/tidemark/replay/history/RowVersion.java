package dev.tidemark.replay.history;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;

/**
 * What one transaction did to one row.
 *
 * @param xid the source's id of the transaction; 0 for BASE
 * @param operation INSERT, UPDATE, DELETE or TRUNCATE; REWRITE by a command that changed the whole
 *     table: without fields the archive does not know what the row holds since. BASE then tells
 *     what a later base of the table holds; without fields the row is not there.
 * @param fields those that changed, in the table's order
 */
public record RowVersion(
        Instant time,
        Position position,
        long xid,
        String table,
        String key,
        String operation,
        List<FieldChange> fields) {
    public RowVersion {
        fields = List.copyOf(fields);
    }
}
