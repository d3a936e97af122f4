package dev.tidemark.replay.query;

import java.util.List;

/**
 * The rows that a question gave, or as many of them as were wanted. Immutable.
 *
 * @param hasMore are there more?
 */
public record Answer(List<AnswerColumn> columns, List<List<Cell>> rows, boolean hasMore) {
    public Answer {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }
}
