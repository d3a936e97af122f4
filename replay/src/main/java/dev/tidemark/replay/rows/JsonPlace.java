package dev.tidemark.replay.rows;

import java.util.List;
import java.util.Optional;

/**
 * Where in the JSON of a column a condition looks, as the operators {@code ->}, {@code ->>}, {@code
 * #>} and {@code #>>} of PostgreSQL lead there. Immutable, and safe for use by many threads.
 *
 * @param type of the column
 * @param steps one for each operator; none where the whole column is looked at
 * @param form in which the last of them gives what is there
 */
record JsonPlace(Type type, List<Step> steps, Form form) {
    /** No place in a column's JSON, but the column. */
    static final JsonPlace NONE = new JsonPlace(Type.JSON, List.of(), Form.JSON);

    JsonPlace {
        steps = List.copyOf(steps);
    }

    /** What PostgreSQL keeps: the text as it was written, or what it said. */
    enum Type {
        JSON,
        JSONB
    }

    /** A value as JSON, or as the text that it is. */
    enum Form {
        JSON,
        TEXT
    }

    /**
     * What one operator does.
     *
     * @param levels from the outermost on
     */
    record Step(List<Level> levels) {
        Step {
            levels = List.copyOf(levels);
        }
    }

    /** What is taken of an object or an array. */
    sealed interface Level {
        /** The member of an object. */
        record Member(String name) implements Level {}

        /** The element of an array: from 0 on, or, with a negative number, from the end. */
        record Element(int number) implements Level {}

        /** One of both: a path does not say which. */
        record Either(String name, int number) implements Level {}

        default boolean isOf(String member) {
            return switch (this) {
                case Member one -> one.name().equals(member);
                case Element one -> false;
                case Either one -> one.name().equals(member);
            };
        }

        /** The number of an element; one that no array has where it is none. */
        default int element() {
            return switch (this) {
                case Member one -> Integer.MIN_VALUE;
                case Element one -> one.number();
                case Either one -> one.number();
            };
        }
    }

    boolean isNone() {
        return steps.isEmpty();
    }

    /** What is there; empty when nothing is, or when SQL sees a NULL there. */
    Optional<String> in(String json) {
        JsonSearch.checkTexts(json);
        Optional<String> found = Optional.of(json);
        for (Step step : steps) {
            found = found.flatMap(one -> of(step, one));
        }
        return form == Form.TEXT ? found.flatMap(JsonSearch::text) : found;
    }

    private Optional<String> of(Step step, String json) {
        return type == Type.JSONB && isItself(step, json)
                ? Optional.of(json)
                : JsonSearch.find(json, step.levels());
    }

    /** To jsonb's operators with a number a value that is no array is one of itself. */
    private static boolean isItself(Step step, String json) {
        boolean isScalar = !json.startsWith("{") && !json.startsWith("[");
        return isScalar
                && step.levels().getFirst() instanceof Level.Element(int number)
                && (number == 0 || number == -1);
    }
}
