package dev.tidemark.replay.history;

import java.util.List;

/**
 * The answer to a {@link HistoryRequest}.
 *
 * @param table its name at the end of what was asked for
 * @param keyColumns names of the columns of its key
 * @param key as it was asked for
 * @param changes the newest first
 * @param isMore are there older ones than the request has room for?
 * @param wasThere was there such a row, changed or not, or can that not be known?
 * @param notes what a reader has to know to trust it: what is missing in it, and why
 */
public record History(
        String table,
        List<String> keyColumns,
        List<String> key,
        List<RowChange> changes,
        boolean isMore,
        boolean wasThere,
        List<String> notes) {
    public History {
        keyColumns = List.copyOf(keyColumns);
        key = List.copyOf(key);
        changes = List.copyOf(changes);
        notes = List.copyOf(notes);
    }
}
