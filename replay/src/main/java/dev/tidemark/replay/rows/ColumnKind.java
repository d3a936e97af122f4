package dev.tidemark.replay.rows;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How PostgreSQL compares the values of a column, for types where that is known to the last detail.
 * What is asked of a kind is a text of such a column, or of a literal that PostgreSQL would read as
 * one.
 */
enum ColumnKind {
    SMALLINT(Family.NUMBER, Order.KNOWN),
    INTEGER(Family.NUMBER, Order.KNOWN),
    BIGINT(Family.NUMBER, Order.KNOWN),
    NUMERIC(Family.NUMBER, Order.KNOWN),
    REAL(Family.FLOATING, Order.KNOWN),
    DOUBLE(Family.FLOATING, Order.KNOWN),
    BOOLEAN(Family.BOOLEAN, Order.KNOWN),
    /** Its order is the collation's. */
    TEXT(Family.TEXT, Order.UNKNOWN),
    /** {@code character(n)}: blanks at the end say nothing. */
    CHARACTER(Family.TEXT, Order.UNKNOWN),
    UUID(Family.UUID, Order.KNOWN),
    /** Its order is that of its type. */
    ENUM(Family.ENUM, Order.UNKNOWN),
    DATE(Family.MOMENT, Order.KNOWN),
    TIME(Family.TIME, Order.KNOWN),
    TIMESTAMP(Family.MOMENT, Order.KNOWN),
    INSTANT(Family.MOMENT, Order.KNOWN),
    BYTEA(Family.BYTEA, Order.KNOWN),
    /** Anything else: only NULL is known of it. */
    OTHER(Family.NONE, Order.UNKNOWN);

    /** Values of one family can be compared with each other. */
    enum Family {
        NUMBER,
        FLOATING,
        BOOLEAN,
        TEXT,
        UUID,
        ENUM,
        MOMENT,
        TIME,
        BYTEA,
        NONE
    }

    /** Is it known which of two values is less? */
    enum Order {
        KNOWN,
        UNKNOWN
    }

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,30}");
    private static final Pattern DECIMAL =
            Pattern.compile(
                    "[+-]?(\\d{1,1000}(\\.\\d{0,1000})?|\\.\\d{1,1000})([eE][+-]?\\d{1,3})?");

    /** A column may hold numbers of more digits than a literal may have, all of them written. */
    private static final Pattern STORED =
            Pattern.compile("[+-]?(\\d{1,131072}(\\.\\d{0,16383})?|\\.\\d{1,16383})");

    private static final Pattern HEX = Pattern.compile("\\\\x([0-9a-f]{2})*");
    private static final Pattern UUID_TEXT =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Family family;
    private final Order order;

    ColumnKind(Family family, Order order) {
        this.family = family;
        this.order = order;
    }

    Family family() {
        return family;
    }

    boolean isOrdered() {
        return order == Order.KNOWN;
    }

    /** Has every value one text only, which is also its key? */
    boolean isTextItsKey() {
        return switch (this) {
            case SMALLINT, INTEGER, BIGINT, TEXT, UUID, ENUM -> true;
            case NUMERIC, REAL, DOUBLE, BOOLEAN, CHARACTER, DATE, TIME, TIMESTAMP, INSTANT, BYTEA ->
                    false;
            case OTHER -> false;
        };
    }

    /** By the source's name of a type, which is no domain; enums and what is not known: OTHER. */
    static ColumnKind of(String sourceType) {
        String plain = sourceType.replaceFirst("\\(\\d+(,-?\\d+)?\\)", "");
        return switch (plain) {
            case "smallint" -> SMALLINT;
            case "integer" -> INTEGER;
            case "bigint" -> BIGINT;
            case "numeric" -> NUMERIC;
            case "real" -> REAL;
            case "double precision" -> DOUBLE;
            case "boolean" -> BOOLEAN;
            case "text", "character varying" -> TEXT;
            case "character", "bpchar" -> CHARACTER;
            case "uuid" -> UUID;
            case "date" -> DATE;
            case "time without time zone" -> TIME;
            case "timestamp without time zone" -> TIMESTAMP;
            case "timestamp with time zone" -> INSTANT;
            case "bytea" -> BYTEA;
            default -> OTHER;
        };
    }

    /** The value of a text; empty when it is none, or written in a way that is not known. */
    Optional<Sortable> value(String text) {
        return switch (this) {
            case SMALLINT -> whole(text, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
            case NUMERIC -> numeric(text);
            case REAL, DOUBLE -> floating(text);
            case BOOLEAN -> bool(text);
            case TEXT, ENUM -> Optional.of(new Sortable.Text(text));
            case CHARACTER -> Optional.of(new Sortable.Text(withoutBlanks(text)));
            case UUID -> lowerHex(UUID_TEXT, text);
            case BYTEA -> lowerHex(HEX, text);
            case DATE -> TimeTexts.date(text);
            case TIME -> TimeTexts.time(text);
            case TIMESTAMP -> TimeTexts.timestamp(text);
            case INSTANT -> TimeTexts.instant(text);
            case OTHER -> Optional.empty();
        };
    }

    /**
     * What a number in the statement is compared as; PostgreSQL compares a {@code real} and a
     * number as {@code double precision}.
     */
    Optional<Sortable> number(BigDecimal number) {
        return switch (family) {
            case NUMBER -> Optional.of(Sortable.Exact.of(number));
            case FLOATING -> DOUBLE.value(number.toString());
            case BOOLEAN, TEXT, UUID, ENUM, MOMENT, TIME, BYTEA, NONE -> Optional.empty();
        };
    }

    /** A number as SQL writes it, of a size that PostgreSQL takes. */
    static Optional<BigDecimal> decimal(String text) {
        return DECIMAL.matcher(text).matches()
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }

    private static Optional<Sortable> whole(String text, long least, long greatest) {
        if (!WHOLE.matcher(text).matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(text);
        boolean isIn =
                number.compareTo(BigDecimal.valueOf(least)) >= 0
                        && number.compareTo(BigDecimal.valueOf(greatest)) <= 0;
        return isIn ? Optional.of(Sortable.Exact.of(number)) : Optional.empty();
    }

    private static Optional<Sortable> numeric(String text) {
        return switch (text) {
            case "NaN" -> Optional.of(Sortable.Exact.NAN);
            case "Infinity" -> Optional.of(Sortable.Exact.INFINITY);
            case "-Infinity" -> Optional.of(Sortable.Exact.MINUS_INFINITY);
            default ->
                    STORED.matcher(text).matches()
                            ? Optional.of(Sortable.Exact.of(new BigDecimal(text)))
                            : decimal(text).map(Sortable.Exact::of);
        };
    }

    /** What is too large or too small is an error in PostgreSQL. */
    private Optional<Sortable> floating(String text) {
        boolean isNamed = text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
        if (!isNamed && !DECIMAL.matcher(text).matches()) {
            return Optional.empty();
        }
        double number = this == REAL ? Float.parseFloat(text) : Double.parseDouble(text);
        boolean isLost =
                !isNamed
                        && (Double.isInfinite(number)
                                || (number == 0 && new BigDecimal(text).signum() != 0));
        return isLost ? Optional.empty() : Optional.of(new Sortable.Floating(number));
    }

    private static Optional<Sortable> bool(String text) {
        return switch (text) {
            case "t", "true" -> Optional.of(new Sortable.Flag(true));
            case "f", "false" -> Optional.of(new Sortable.Flag(false));
            default -> Optional.empty();
        };
    }

    private static Optional<Sortable> lowerHex(Pattern form, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return form.matcher(lower).matches()
                ? Optional.of(new Sortable.Text(lower))
                : Optional.empty();
    }

    static String withoutBlanks(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }
}
