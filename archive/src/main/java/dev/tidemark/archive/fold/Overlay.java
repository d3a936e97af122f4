package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

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

    /**
     * Takes what became of a row in a segment. A key may be that of another row's before: a row
     * that comes to one waits until all rows of the segment were taken, and then {@link #arrive}s.
     */
    Optional<Arrival> apply(RowLine line);

    /** A row on the way to a key. */
    record Arrival(RowKey key, KeyedOverlay.Live row) {}

    /** Takes a row that waited; maybe into another overlay of the table than it left. */
    void arrive(Arrival arrival);

    /** About how much memory it takes. */
    long bytes();

    /** From here on rows have another shape, with the same key. */
    void reshape(ShapeChange change, Table next);

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

    /**
     * Passes a base row on, changed or not, or keeps it back. Every base row comes here once,
     * before {@link #finish}.
     */
    void lay(List<Value> baseRow, RowSink sink) throws IOException;

    /** Passes on what the base does not have. */
    void finish(RowSink sink) throws IOException;
}
