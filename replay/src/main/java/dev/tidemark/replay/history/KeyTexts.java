package dev.tidemark.replay.history;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the values of a key as somebody types them, into the texts that the source has of them.
 * What cannot be a value of the column's type is refused. Types that are not known here are taken
 * as they are.
 */
public final class KeyTexts {
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,30}");
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d{1,1000}(\\.\\d{0,1000})?|\\.\\d{1,1000})");
    private static final Pattern SCALED = Pattern.compile("numeric\\(\\d+,(\\d+)\\)");
    private static final Pattern PADDED = Pattern.compile("character\\((\\d{1,8})\\)");
    private static final Pattern UUID =
            Pattern.compile(
                    "([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})");

    /** Of such years the text has more digits, or an era. */
    private static final Pattern FAR = Pattern.compile("\\d{4,7}-\\d{2}-\\d{2}.*( BC)?");

    private static final DateTimeFormatter PRINTED =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter(Locale.ROOT);

    private KeyTexts() {}

    /** The columns of a table's key, in its order. */
    static List<Column> columns(Table table) {
        return table.key().stream()
                .flatMap(id -> table.columns().stream().filter(column -> column.id() == id))
                .toList();
    }

    /**
     * The key's fields.
     *
     * @throws TidemarkException (refused) when the table has no key, (usage) when the values are
     *     not of its columns
     */
    static List<Value> read(Table table, List<String> values) {
        List<Column> columns = columns(table);
        if (columns.isEmpty()) {
            throw TidemarkException.refused(
                    "table "
                            + table.displayName()
                            + " has no key, so that its rows have no history of their own",
                    "Use 'tidemark tx' to see what a transaction did. Once the table has a primary key, its rows have a history from then on.");
        }
        if (columns.size() != values.size()) {
            throw TidemarkException.usage(
                    "the key of table %s is %s, and %d %s given"
                            .formatted(
                                    table.displayName(),
                                    describe(table),
                                    values.size(),
                                    values.size() == 1 ? "value was" : "values were"),
                    "Give one value for each column of the key, in this order.");
        }
        List<Value> key = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            key.add(Value.text(text(table, columns.get(i), values.get(i))));
        }
        return key;
    }

    /** For people, with the types. */
    static String describe(Table table) {
        return columns(table).stream()
                .map(column -> column.name() + " (" + column.type() + ")")
                .collect(Collectors.joining(", "));
    }

    private static String text(Table table, Column column, String value) {
        return value(column.type(), value)
                .orElseThrow(
                        () ->
                                TidemarkException.usage(
                                        "'%s' is no %s".formatted(value, column.type()),
                                        "The key of table %s is %s. %s"
                                                .formatted(
                                                        table.displayName(),
                                                        describe(table),
                                                        example(column.type()))));
    }

    /**
     * A value of a type as the source writes it; empty when it is none.
     *
     * @param type as the source writes it in a definition
     */
    public static Optional<String> value(String type, String value) {
        Matcher padded = PADDED.matcher(type);
        if (padded.matches()) {
            int width = Integer.parseInt(padded.group(1));
            int missing = width - value.codePointCount(0, value.length());
            return Optional.of(value + " ".repeat(Math.max(0, missing)));
        }
        try {
            return Optional.of(text(type, value));
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static String text(String type, String value) {
        return switch (type.replaceFirst("\\(.*\\)", "")) {
            case "smallint" -> whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
            case "integer" -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "bigint" -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
            case "numeric" -> decimal(type, value);
            case "boolean" -> bool(value);
            case "uuid" -> uuid(value);
            case "date" -> date(value);
            case "timestamp without time zone" -> timestamp(value);
            case "timestamp with time zone" -> instant(value);
            default -> value;
        };
    }

    /** How a value of a type is written, as a sentence. */
    public static String example(String type) {
        return switch (type.replaceFirst("\\(.*\\)", "")) {
            case "uuid" -> "Write it as in ffffffff-ffff-ffff-ffff-ffffffffffff.";
            case "date" -> "Write it as in 2026-11-20.";
            case "timestamp without time zone" -> "Write it as in '2026-11-20 14:03:07.5'.";
            case "timestamp with time zone" -> "Write it as in '2026-11-20 14:03:07.5+02:00'.";
            case "boolean" -> "Write true or false.";
            default -> "Write it in digits.";
        };
    }

    private static ArithmeticException unfit() {
        return new ArithmeticException("no value of the type");
    }

    private static String whole(String value, long least, long greatest) {
        if (!WHOLE.matcher(value).matches()) {
            throw unfit();
        }
        long number = new BigInteger(value).longValueExact();
        if (number < least || number > greatest) {
            throw unfit();
        }
        return Long.toString(number);
    }

    private static String decimal(String type, String value) {
        if (List.of("NaN", "Infinity", "-Infinity").contains(value)) {
            return value;
        }
        if (!DECIMAL.matcher(value).matches()) {
            throw unfit();
        }
        Matcher scaled = SCALED.matcher(type);
        BigDecimal number = new BigDecimal(value);
        return scaled.matches()
                ? number.setScale(Integer.parseInt(scaled.group(1))).toPlainString()
                : number.toPlainString();
    }

    private static String bool(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "t", "true" -> "t";
            case "f", "false" -> "f";
            default -> throw unfit();
        };
    }

    private static String uuid(String value) {
        Matcher parts =
                UUID.matcher(value.toLowerCase(Locale.ROOT).replaceFirst("^\\{(.*)\\}$", "$1"));
        if (!parts.matches()) {
            throw unfit();
        }
        return String.join(
                "-",
                parts.group(1),
                parts.group(2),
                parts.group(3),
                parts.group(4),
                parts.group(5));
    }

    private static boolean isFar(String value) {
        boolean isInfinite = value.equals("infinity") || value.equals("-infinity");
        return isInfinite
                || (FAR.matcher(value).matches()
                        && (value.endsWith(" BC") || value.indexOf('-') > 4));
    }

    private static String date(String value) {
        return isFar(value) ? value : LocalDate.parse(value).toString();
    }

    private static String timestamp(String value) {
        return isFar(value) ? value : text(LocalDateTime.parse(iso(value)));
    }

    private static String instant(String value) {
        if (isFar(value)) {
            return value;
        }
        String whole = iso(value).replaceFirst("([+-]\\d{2})$", "$1:00");
        OffsetDateTime time = OffsetDateTime.parse(whole);
        return text(time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()) + "+00";
    }

    private static String iso(String value) {
        return value.replaceFirst("^(.{10}) ", "$1T");
    }

    /** As PostgreSQL prints it. */
    private static String text(LocalDateTime time) {
        return PRINTED.format(time);
    }
}
