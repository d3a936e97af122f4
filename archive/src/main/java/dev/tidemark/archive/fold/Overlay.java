package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/**
 * What changed in a table since its base, kept so that it can be laid over the base's rows in one
 * pass. For one thread.
 *
 * <p>A change that does not fit (an update of a row that is not there) is an {@link
 * IllegalStateException}: base and changes are not of one history.
 */
sealed interface Overlay permits KeyedOverlay, BagOverlay {
    /** The overlay that a table's rows need. */
    static Overlay of(Table table) {
        return table.key().isEmpty() ? new BagOverlay() : new KeyedOverlay(table);
    }

    /** Takes a change, in the shape that the overlay has. */
    void apply(Entry.Row row);

    /** About how much memory it takes. */
    long bytes();

    /** From here on rows have another shape, with the same key. */
    void reshape(ShapeChange change, Table next);

    /**
     * Passes a base row on, changed or not, or keeps it back. Every base row comes here once,
     * before {@link #finish}.
     */
    void lay(List<Value> baseRow, RowSink sink) throws IOException;

    /** Passes on what the base does not have. */
    void finish(RowSink sink) throws IOException;
}
