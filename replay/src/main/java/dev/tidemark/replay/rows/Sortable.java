package dev.tidemark.replay.rows;

import java.math.BigDecimal;

/**
 * A value in the form in which two of one kind are equal, and in order, as PostgreSQL says. Those
 * of different kinds are never compared.
 */
sealed interface Sortable {
    /** A whole or decimal number, or one of PostgreSQL's that are none: rank −1, 1, 2. */
    record Exact(int rank, BigDecimal number) implements Sortable {
        static final Exact MINUS_INFINITY = new Exact(-1, BigDecimal.ZERO);
        static final Exact INFINITY = new Exact(1, BigDecimal.ZERO);
        static final Exact NAN = new Exact(2, BigDecimal.ZERO);

        static Exact of(BigDecimal number) {
            return new Exact(0, number);
        }
    }

    /** A floating-point number; zero has no sign. */
    record Floating(double number) implements Sortable {
        public Floating {
            number = number == 0 ? 0.0 : number;
        }
    }

    record Flag(boolean is) implements Sortable {}

    /** In the order of its UTF-16 units, which counts for ASCII alone. */
    record Text(String text) implements Sortable {}

    /** A day since 1970 and microseconds in it; infinite ones have the outermost days. */
    record Time(long day, long micros) implements Sortable {
        static final Time MINUS_INFINITY = new Time(Long.MIN_VALUE, 0);
        static final Time INFINITY = new Time(Long.MAX_VALUE, 0);
    }

    /** Negative, 0 or positive. */
    default int compareWith(Sortable other) {
        return switch (this) {
            case Exact(int rank, BigDecimal number) -> {
                Exact that = (Exact) other;
                int ranks = Integer.compare(rank, that.rank());
                yield ranks != 0 ? ranks : number.compareTo(that.number());
            }
            case Floating(double number) -> Double.compare(number, ((Floating) other).number());
            case Flag(boolean is) -> Boolean.compare(is, ((Flag) other).is());
            case Text(String text) -> text.compareTo(((Text) other).text());
            case Time(long day, long micros) -> {
                Time that = (Time) other;
                int days = Long.compare(day, that.day());
                yield days != 0 ? days : Long.compare(micros, that.micros());
            }
        };
    }

    /** The same text for all that are equal, and other texts for others. */
    default String key() {
        return switch (this) {
            case Exact(int rank, BigDecimal number) ->
                    rank != 0 ? "rank " + rank : number.stripTrailingZeros().toPlainString();
            case Floating(double number) -> Double.toString(number);
            case Flag(boolean is) -> is ? "t" : "f";
            case Text(String text) -> text;
            case Time(long day, long micros) -> day + " " + micros;
        };
    }
}
