package dev.tidemark.replay.search;

import java.util.Optional;

/**
 * What is asked of the fields that a change touched: those of an UPDATE that differ, those that an
 * INSERT set and a DELETE took away, but for NULL.
 *
 * @param column only this column counts; empty for all
 * @param from what it was before
 * @param to what it is after
 * @param value what it was before or is after
 * @param text what is in it, before or after, whatever letters are capitals
 */
public record FieldQuestion(
        Optional<String> column,
        Optional<Wanted> from,
        Optional<Wanted> to,
        Optional<String> value,
        Optional<String> text) {
    /** Nothing is asked of them. */
    public static final FieldQuestion NONE =
            new FieldQuestion(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /**
     * A value that is looked for.
     *
     * @param text as somebody writes it; empty for NULL
     */
    public record Wanted(Optional<String> text) {
        public static final Wanted NULL = new Wanted(Optional.empty());

        public static Wanted of(String text) {
            return new Wanted(Optional.of(text));
        }
    }

    public FieldQuestion {
        if (column.isEmpty() && (from.isPresent() || to.isPresent())) {
            throw new IllegalArgumentException("a value before or after of no column");
        }
    }

    /** Is anything asked of them? */
    public boolean isAny() {
        return column.isPresent() || value.isPresent() || text.isPresent();
    }
}
