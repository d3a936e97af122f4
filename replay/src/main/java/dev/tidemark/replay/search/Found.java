package dev.tidemark.replay.search;

import java.util.List;

/**
 * What answers a search.
 *
 * @param changes how many changes do
 * @param counts the same by table and kind
 * @param incidents the largest first
 * @param rows the newest first, as many as were asked for
 * @param isMore are there more of these?
 * @param notes what is not known, for people
 */
public record Found(
        long changes,
        List<FoundCount> counts,
        List<Incident> incidents,
        List<FoundChange> rows,
        boolean isMore,
        List<String> notes) {
    public Found {
        counts = List.copyOf(counts);
        incidents = List.copyOf(incidents);
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }
}
