package dev.tidemark.replay.query;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the texts of a column of the source become values of a type of DuckDB. Immutable.
 *
 * @param name DuckDB's name of the type
 * @param expression makes a value of a text, {@code %s}
 */
record ColumnType(String name, String expression) {
    static final ColumnType TEXT = new ColumnType("VARCHAR", "%s");

    private static final ColumnType BYTES = new ColumnType("BLOB", "unhex(substr(%s, 3))");
    private static final Pattern NUMERIC = Pattern.compile("numeric\\((\\d+),(\\d+)\\)");
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+),(\\d+)\\)");
    private static final List<String> INTEGERS = List.of("SMALLINT", "INTEGER", "BIGINT");
    private static final Pattern PRECISION = Pattern.compile("^(time|timestamp)\\(\\d\\)");
    private static final int DIGITS_MAX = 38; // of DuckDB's DECIMAL

    /** By the source's name of a type; one that is not known stays text. */
    static ColumnType of(String sourceType) {
        return switch (PRECISION.matcher(sourceType).replaceFirst("$1")) {
            case "smallint", "integer", "bigint", "boolean", "date", "uuid" ->
                    cast(sourceType.toUpperCase(Locale.ROOT));
            case "real" -> cast("FLOAT");
            case "double precision" -> cast("DOUBLE");
            case "time without time zone" -> cast("TIME");
            case "timestamp without time zone" -> cast("TIMESTAMP");
            case "timestamp with time zone" -> cast("TIMESTAMPTZ");
            case "json", "jsonb" -> cast("JSON");
            case "bytea" -> BYTES;
            default -> numeric(sourceType);
        };
    }

    /** One without a precision may have more digits than any type of DuckDB. */
    private static ColumnType numeric(String sourceType) {
        Matcher numeric = NUMERIC.matcher(sourceType);
        if (!numeric.matches()) {
            return TEXT;
        }
        int digits = Integer.parseInt(numeric.group(1));
        int scale = Integer.parseInt(numeric.group(2));
        return digits <= DIGITS_MAX && scale <= digits
                ? cast("DECIMAL(%d,%d)".formatted(digits, scale))
                : TEXT;
    }

    private static ColumnType cast(String name) {
        return new ColumnType(name, "CAST(%s AS " + name + ")");
    }

    /** The value of a column that holds texts. */
    String value(String column) {
        return expression.formatted(column);
    }

    /** Is true where a column's text is no value of it. */
    String misfit(String column) {
        return "(%s IS NOT NULL AND TRY(%s) IS NULL)".formatted(column, value(column));
    }

    /** Is each text of another type the very text of a value of this one? */
    boolean holds(ColumnType other) {
        if (isText() || equals(other)) {
            return true;
        }
        int own = INTEGERS.indexOf(name);
        int others = INTEGERS.indexOf(other.name);
        if (own >= 0 && others >= 0) {
            return others <= own;
        }
        Matcher to = DECIMAL.matcher(name);
        Matcher from = DECIMAL.matcher(other.name);
        return to.matches()
                && from.matches()
                && digits(from, 2) == digits(to, 2)
                && digits(from, 1) <= digits(to, 1);
    }

    private static int digits(Matcher decimal, int group) {
        return Integer.parseInt(decimal.group(group));
    }

    boolean isText() {
        return equals(TEXT);
    }
}
