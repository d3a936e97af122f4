package dev.tidemark.archive.fold;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** What changed in a table since its base, to be laid over the base's rows in one pass. */
interface Layer {
    /** May it change or delete rows of the base, or have a row of the same key? */
    boolean takesFromBase();

    /** The places of the fields by which {@link #takes} knows a row, ascending; none needs all. */
    int[] places();

    /**
     * Is a base row another one now?
     *
     * @param fields those at {@link #places}
     */
    boolean takes(List<Value> fields);

    /** Does what it makes of a base row have fields of that besides those at {@link #places}? */
    boolean needsFields();

    /** Passes a base row on, changed or not, or keeps it back. Every base row comes here once. */
    void lay(List<Value> baseRow, RowSink sink) throws IOException;

    /** Passes on what the base does not have, after all of its rows. */
    void finish(RowSink sink) throws IOException;
}
