package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * How the rows of a table get from one cut to another: some are taken out, then others are put in.
 * For one thread; done once.
 *
 * <p>What does not fit (a row that should be there and is not) is an {@link IllegalStateException}:
 * the rows are not those of the cut that they should be of.
 */
public sealed interface RowsMove permits KeyedForwards, KeyedBackwards, BagMove {
    /** The same at both cuts. */
    Table table();

    /**
     * What is to be taken out.
     *
     * @param row a row's key, or a whole row where the table has no key
     * @param times how many of such equal rows; one of those with a key
     */
    record Taken(List<Value> row, long times) {
        static Taken once(RowKey key) {
            return new Taken(key.fields(), 1);
        }
    }

    /** Which rows are to be taken out. */
    List<Taken> taken();

    /** Which rows are to be looked up at the cut where it goes, before it begins, if any. */
    default Optional<KeyedRows> lookingUp() {
        return Optional.empty();
    }

    /**
     * Finds the rows that are to be looked up.
     *
     * @param there those of the table's rows at the cut where it goes, and perhaps others; used up
     *     by this
     */
    default void lookUp(TableRows there) throws IOException {
        throw new IllegalStateException("nothing is to be looked up");
    }

    /** Hears of a row that was taken out; each once. */
    void took(List<Value> row) throws IOException;

    /** All were taken out. */
    void finish(RowSink put) throws IOException;
}
