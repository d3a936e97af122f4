package dev.tidemark.replay.mask;

import java.util.List;
import java.util.Optional;

/** What a mask file decides about a column, or about a part of a JSON value. */
public sealed interface Mask {
    /** As it is. */
    record Keep() implements Mask {
        @Override
        public String toString() {
            return "keep";
        }
    }

    /** Nothing. */
    record Null() implements Mask {
        @Override
        public String toString() {
            return "null";
        }
    }

    /** The same for every row that has a value. */
    record Fixed(String text) implements Mask {
        @Override
        public String toString() {
            return "fixed";
        }
    }

    /** A keyed hash, of the column's own shape: equal values stay equal. */
    record Hash() implements Mask {
        @Override
        public String toString() {
            return "hash";
        }
    }

    /** Something invented: the same for the same value. */
    record Fake(FakeKind kind) implements Mask {
        @Override
        public String toString() {
            return kind.toString();
        }
    }

    /**
     * A date that is moved by some days, the same number for all dates with the same value in
     * another column.
     *
     * @param daysMax how far at most, into the past or the future
     * @param by that column; the table's key when it is not given
     */
    record DateShift(int daysMax, Optional<String> by) implements Mask {
        static final int DAYS_MAX = 36_500; // a century: more would leave what people call a date

        public DateShift {
            if (daysMax < 1 || daysMax > DAYS_MAX) {
                throw new IllegalArgumentException("a shift of " + daysMax + " days");
            }
        }

        @Override
        public String toString() {
            return "date-shift";
        }
    }

    /**
     * Decisions about the parts of a JSON value; a part without any is left out.
     *
     * @param parts for what is below one path each; the longest path that fits decides
     */
    record Json(List<Part> parts) implements Mask {
        /** A decision other than {@link Json}. */
        public record Part(JsonPath path, Mask mask) {}

        public Json {
            parts = List.copyOf(parts);
        }

        @Override
        public String toString() {
            return "json";
        }
    }
}
