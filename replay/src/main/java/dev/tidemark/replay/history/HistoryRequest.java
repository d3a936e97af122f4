package dev.tidemark.replay.history;

import dev.tidemark.archive.plan.Moment;
import java.util.List;
import java.util.Optional;

/**
 * Which row's history is asked for, and which part of it.
 *
 * @param table {@code schema.table}, or the table alone where that is clear, by any name that it
 *     had
 * @param key the values of its key as text, in the key's order
 * @param since changes before this moment are not wanted
 * @param until nor are those after this one
 * @param columns only changes of these are wanted; none for all
 * @param changesMax at most so many, the newest
 */
public record HistoryRequest(
        String table,
        List<String> key,
        Optional<Moment> since,
        Optional<Moment> until,
        List<String> columns,
        int changesMax) {
    public HistoryRequest {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** All of a row's history up to a moment. */
    static HistoryRequest all(String table, List<String> key, Moment until) {
        return new HistoryRequest(
                table, key, Optional.empty(), Optional.of(until), List.of(), Integer.MAX_VALUE);
    }
}
