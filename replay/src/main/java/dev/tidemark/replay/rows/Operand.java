package dev.tidemark.replay.rows;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;

/**
 * A field of a row in a condition.
 *
 * @param place among the table's stored columns
 * @param column its name
 */
record Operand(int place, String column, ColumnKind kind) {
    boolean isNull(List<Value> row) {
        return row.get(place) == Value.Mark.NULL;
    }

    /** The text; empty for NULL. */
    Optional<String> text(List<Value> row) {
        return isNull(row) ? Optional.empty() : Optional.of(row.get(place).toString());
    }

    /** The same for a comparison with another type: blanks at the end of some say nothing. */
    Optional<String> meaning(List<Value> row) {
        return kind == ColumnKind.CHARACTER ? text(row).map(ColumnKind::withoutBlanks) : text(row);
    }

    /**
     * The value; empty for NULL.
     *
     * @throws IllegalStateException when the archive's text is none of the column's type
     */
    Optional<Sortable> value(List<Value> row) {
        return text(row)
                .map(
                        text ->
                                kind.value(text)
                                        .orElseThrow(
                                                () ->
                                                        new IllegalStateException(
                                                                "the column %s, a %s, holds a text that is none"
                                                                        .formatted(column, kind))));
    }
}
