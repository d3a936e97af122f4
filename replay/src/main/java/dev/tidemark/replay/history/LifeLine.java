package dev.tidemark.replay.history;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row's life line, as far as it was read.
 *
 * @param window what was asked for
 * @param table as of its end
 * @param entries in commit order; those of before the window say only what the row was
 * @param row as of its end, by column id; empty when there is none
 * @param begin the time of the oldest base from which the row was followed; empty when it was not
 *     followed so far
 * @param isOlder may there be older changes that cannot be told with this key?
 * @param notes what is missing in it, for people
 */
record LifeLine(
        HistoryWindow window,
        Table table,
        List<LineEntry> entries,
        Optional<Map<Integer, Value>> row,
        Optional<Instant> begin,
        boolean isOlder,
        List<String> notes) {
    LifeLine {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
    }

    /** The same with whom the rows name, where nobody else is known. */
    LifeLine claimed(Claims claims) {
        return new LifeLine(
                window,
                table,
                entries.stream().map(entry -> entry.claimed(claims)).toList(),
                row,
                begin,
                isOlder,
                notes);
    }

    /** The same with how those were called then who act in the window. */
    LifeLine named(UserNames users) throws IOException {
        Map<UserNames.Acting, String> names =
                users.of(inWindow().stream().flatMap(entry -> entry.acting().stream()).toList());
        return new LifeLine(
                window,
                table,
                entries.stream().map(entry -> entry.named(names)).toList(),
                row,
                begin,
                isOlder,
                notes);
    }

    /** Those in the window, in commit order. */
    List<LineEntry> inWindow() {
        return entries.stream()
                .filter(entry -> window.holds(entry.stretch(), entry.position()))
                .toList();
    }
}
