package dev.tidemark.schemas.catalog;

import java.util.Optional;

/**
 * Where a sequence stands. It is outside of transactions: the value may be later than the moment of
 * the catalog that holds it, never earlier.
 *
 * @param lastValue the value handed out last, or the first one to come
 * @param called was {@code lastValue} handed out?
 * @param table id of the table that owns it
 * @param column id of the column that owns it
 * @param identity does it belong to an identity column, so that it comes and goes with it?
 */
public record SequenceState(
        long lastValue,
        boolean called,
        Optional<Long> table,
        Optional<Integer> column,
        boolean identity) {
    public SequenceState {
        if (table.isPresent() != column.isPresent()) {
            throw new IllegalArgumentException("an owner is a table and a column");
        }
    }

    /** The same sequence at another value. */
    public SequenceState at(long newLastValue, boolean newCalled) {
        return new SequenceState(newLastValue, newCalled, table, column, identity);
    }
}
