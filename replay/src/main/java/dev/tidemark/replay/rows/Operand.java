package dev.tidemark.replay.rows;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;

/**
 * A field of a row in a condition, or something in it.
 *
 * @param place among the table's stored columns
 * @param column its name, with the way to what is in it
 * @param json where in the field it is
 */
record Operand(int place, String column, ColumnKind kind, JsonPlace json) {
    /** A field. */
    Operand(int place, String column, ColumnKind kind) {
        this(place, column, kind, JsonPlace.NONE);
    }

    boolean isNull(List<Value> row) {
        return text(row).isEmpty();
    }

    /** Is it the field itself? */
    boolean isColumn() {
        return json.isNone();
    }

    /** The text; empty for NULL. */
    Optional<String> text(List<Value> row) {
        if (row.get(place) == Value.Mark.NULL) {
            return Optional.empty();
        }
        String text = row.get(place).toString();
        return isColumn() ? Optional.of(text) : json.in(text);
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
                                                                "the column %s, a %s, holds '%s'"
                                                                        .formatted(
                                                                                column, kind,
                                                                                text))));
    }
}
