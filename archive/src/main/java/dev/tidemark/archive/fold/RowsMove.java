package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

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

    /** Which rows are to be taken out: their keys, or whole rows where the table has no key. */
    List<List<Value>> taken();

    /** Are some rows to be looked up at the cut where it goes, before it begins? */
    boolean isLookingUp();

    /**
     * Finds the rows that are to be looked up.
     *
     * @param there the table's rows at the cut where it goes; used up by this
     */
    void lookUp(TableRows there) throws IOException;

    /**
     * Hears of a row that was taken out; each once. Of equal rows without a key all are taken out.
     *
     * @param put takes it back in, if it is one too many
     */
    void took(List<Value> row, RowSink put) throws IOException;

    /** All were taken out. */
    void finish(RowSink put) throws IOException;
}
