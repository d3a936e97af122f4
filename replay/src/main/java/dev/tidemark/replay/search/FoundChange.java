package dev.tidemark.replay.search;

import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A change that answers.
 *
 * @param table its name as of then
 * @param life which of several tables that had this name, from 1; empty where one had it
 * @param key of the row after it, or of one that is gone; empty where the table has none
 * @param name how the row is called, by the profile
 * @param operation as in {@link FoundCount}
 * @param fields those that changed, in the table's order; of a row that is gone, what it was, but
 *     for NULL
 */
public record FoundChange(
        Instant time,
        Position position,
        long xid,
        Actor actor,
        String table,
        Optional<Integer> life,
        List<String> key,
        Optional<String> name,
        String operation,
        List<ChangedField> fields) {
    public FoundChange {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
    }

    /** The same as a change of one row's history. */
    public RowChange ofRow() {
        return new RowChange(
                time, position, xid, actor, table, key, operation, fields, Optional.empty());
    }
}
