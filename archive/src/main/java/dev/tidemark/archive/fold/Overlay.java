package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.util.Optional;

/**
 * Changes of a table, kept so that they can be laid over its rows before them. For one thread.
 *
 * <p>A change that does not fit (an update of a row that is not there) is an {@link
 * IllegalStateException}: base and changes are not of one history.
 */
sealed interface Overlay extends Layer permits KeyedOverlay, BagOverlay {
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
}
