package dev.tidemark.replay.difference;

import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.replay.profile.SoftDelete;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row that differs between two moments, or changed between them.
 *
 * @param key the fields that name it; none of a table without a key
 * @param before as it is at the first, in the columns in which both are compared; empty where it is
 *     not there
 * @param after as it is at the second
 * @param times how many of such equal rows; one of those with a key
 * @param changes how many it had between them; 0 where that is not known
 */
record RowDifference(
        List<Value> key,
        Optional<List<Value>> before,
        Optional<List<Value>> after,
        long times,
        long changes) {
    /** A row whose changes on the way are not known. */
    static RowDifference of(
            MatchedColumns columns, Optional<List<Value>> before, Optional<List<Value>> after) {
        List<Value> key = columns.keyOf(after.or(() -> before).orElseThrow());
        return new RowDifference(key, before, after, 1, 0);
    }

    /** The same so many times. */
    RowDifference times(long rows) {
        return new RowDifference(key, before, after, rows, changes);
    }

    /** What becomes of it. */
    RowOutcome outcome(TablePair table, MatchedColumns columns, Optional<SoftDelete> softDelete) {
        if (before.equals(after)) {
            return RowOutcome.AS_BEFORE;
        }
        if (before.isEmpty()) {
            return RowOutcome.INSERT;
        }
        if (after.isEmpty()) {
            return RowOutcome.DELETE;
        }
        SoftDelete.Effect effect =
                softDelete
                        .map(
                                rule ->
                                        rule.effect(
                                                fields(table, columns, before.get()),
                                                fields(table, columns, after.get())))
                        .orElse(SoftDelete.Effect.NONE);
        return switch (effect) {
            case DELETE -> RowOutcome.SOFT_DELETE;
            case UNDELETE -> RowOutcome.UNDELETE;
            case NONE, UNKNOWN -> RowOutcome.UPDATE;
        };
    }

    /**
     * A row by the names of its columns, as far as the table has them at the second moment: the
     * numbers of others may be those of another cluster.
     */
    static RowFields fields(TablePair table, MatchedColumns columns, List<Value> row) {
        Map<Integer, Value> byId = new HashMap<>();
        for (int i = 0; i < row.size(); i++) {
            ColumnPair column = columns.columns().get(i);
            if (column.isAtSecond()) {
                byId.put(column.column().id(), row.get(i));
            }
        }
        return RowFields.of(table.table(), byId);
    }
}
