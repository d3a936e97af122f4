package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A change of a row, with as much of the row as is known and was asked for. Immutable.
 *
 * @param table as it was then
 * @param before the row before it, in the order of the table's stored columns; empty when it was
 *     not there
 * @param after the row after it; empty when it is gone
 * @param origin the row's key at the start of the window, by which what is not known of it here can
 *     be looked up; empty when it cannot
 */
record ScannedChange(
        Place place,
        Table table,
        Operation operation,
        List<Value> before,
        List<Value> after,
        Optional<List<Value>> origin) {
    /**
     * The same with what the row was at the start of the window, in fields of which nothing was
     * told since.
     *
     * @param start in the table's columns
     */
    ScannedChange completed(List<Value> start) {
        List<Value> was = overlaid(before, start);
        return new ScannedChange(
                place,
                table,
                operation,
                was,
                after.isEmpty() ? after : overlaid(after, was),
                Optional.empty());
    }

    /** The fields of one row, and where they are not known those of another. */
    static List<Value> overlaid(List<Value> row, List<Value> under) {
        int known = 0;
        while (known < row.size() && row.get(known).isKnown()) {
            known++;
        }
        if (known == row.size()) {
            return row;
        }
        List<Value> both = new ArrayList<>(row);
        for (int i = known; i < both.size(); i++) {
            if (!both.get(i).isKnown()) {
                both.set(i, under.get(i));
            }
        }
        return both;
    }

    /** The row that is there to be named: after the change, or what went. */
    List<Value> row() {
        return after.isEmpty() ? before : after;
    }
}
