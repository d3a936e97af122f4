package dev.tidemark.replay.history;

import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A row's life line in one stretch, as it was found.
 *
 * @param events in commit order
 * @param key the line's, where the events begin
 * @param start the table alone, where the events begin
 * @param from where that is
 * @param broken why the line begins there, if it is not the stretch's beginning
 */
record StretchLine(
        List<LineEvent> events,
        List<Value> key,
        CatalogState start,
        From from,
        Optional<KeyBreak> broken) {
    /** Where a line begins that was found. */
    enum From {
        /** With the stretch's base. */
        BASE,
        /** Later: what was before is not needed, or not the line's. */
        LATER
    }

    /**
     * The table had another key before.
     *
     * @param before the table then
     */
    record KeyBreak(Instant time, Table before) {}

    StretchLine {
        events = List.copyOf(events);
        key = List.copyOf(key);
    }

    /** The same with others of the row's changes. */
    StretchLine with(List<LineEvent> newEvents, List<Value> newKey) {
        return new StretchLine(newEvents, newKey, start, from, broken);
    }
}
