package dev.tidemark.replay.history;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;

/**
 * What one transaction did to one row.
 *
 * @param operation INSERT, UPDATE, DELETE or TRUNCATE
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
