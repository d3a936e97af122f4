package dev.tidemark.replay.difference;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.Value;
import java.util.List;

/**
 * A column at both moments.
 *
 * @param column as it is at the second, or at the one that has it
 * @param from its place in the rows of the first; −1 where it is not there
 * @param to its place in those of the second; −1 where it is not there
 * @param missing what rows have in it that are older than the column
 */
record ColumnPair(Column column, int from, int to, Value missing) {
    static final int NOWHERE = -1;

    private boolean isOnBothSides() {
        return from != NOWHERE && to != NOWHERE;
    }

    /** Its field of a row of the first moment. */
    Value ofFrom(List<Value> row) {
        return from == NOWHERE ? missing : row.get(from);
    }

    /** Its field of a row of the second. */
    Value ofTo(List<Value> row) {
        return to == NOWHERE ? missing : row.get(to);
    }

    /** Is the column what it is at the second moment? */
    boolean isAtSecond() {
        return to != NOWHERE;
    }

    /** May it be a part of the name of a row that is looked for at both? */
    boolean mayBeOfKey() {
        return isOnBothSides();
    }
}
