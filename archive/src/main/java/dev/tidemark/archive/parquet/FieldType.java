package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.schemas.change.Value;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * How texts of a column of the source are kept in a Parquet column: as numbers where the number
 * gives the very same text back. A text of such a column of which that is not so (an infinite date,
 * or one before Christ) has no number.
 */
enum FieldType {
    TEXT,
    INT,
    LONG,
    BOOLEAN,
    DATE,
    /** A date and time of day, anywhere. */
    TIMESTAMP,
    /** A date and time in UTC. */
    INSTANT;

    private static final long MICROS = 1_000_000;
    private static final int DATE_LENGTH = 10;
    private static final int TIME_LENGTH = 19;
    private static final int FRACTION_MAX = 6;
    private static final String UTC = "+00";
    private static final Value TRUE = Value.text("t");
    private static final Value FALSE = Value.text("f");

    /** By the source's name of a type; one that is not known is kept as text. */
    static FieldType of(String sourceType) {
        return switch (sourceType.replaceFirst("^(timestamp)\\(\\d\\)", "$1")) {
            case "smallint", "integer" -> INT;
            case "bigint" -> LONG;
            case "boolean" -> BOOLEAN;
            case "date" -> DATE;
            case "timestamp without time zone" -> TIMESTAMP;
            case "timestamp with time zone" -> INSTANT;
            default -> TEXT;
        };
    }

    /** By a column of a file. */
    static FieldType of(PrimitiveType column) {
        for (FieldType type : values()) {
            if (type.column(column.getName()).equals(column)) {
                return type;
            }
        }
        throw new IllegalArgumentException("no column of ours: " + column);
    }

    Type column(String name) {
        return switch (this) {
            case TEXT -> column(PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType(), name);
            case INT ->
                    column(PrimitiveTypeName.INT32, LogicalTypeAnnotation.intType(32, true), name);
            case LONG ->
                    column(PrimitiveTypeName.INT64, LogicalTypeAnnotation.intType(64, true), name);
            case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).named(name);
            case DATE -> column(PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType(), name);
            case TIMESTAMP -> time(false, name);
            case INSTANT -> time(true, name);
        };
    }

    private static Type time(boolean isInstant, String name) {
        LogicalTypeAnnotation type =
                LogicalTypeAnnotation.timestampType(isInstant, TimeUnit.MICROS);
        return column(PrimitiveTypeName.INT64, type, name);
    }

    private static Type column(PrimitiveTypeName kind, LogicalTypeAnnotation type, String name) {
        return Types.optional(kind).as(type).named(name);
    }

    boolean isText() {
        return this == TEXT;
    }

    /** The number that gives this text back; empty when there is none. */
    OptionalLong number(Value text) {
        if (!(text instanceof Value.Text small) || small.utf8().length > TIME_LENGTH + 12) {
            return OptionalLong.empty();
        }
        String said = new String(small.utf8(), US_ASCII);
        try {
            return switch (this) {
                case TEXT -> OptionalLong.empty();
                case INT -> same(said, Integer.parseInt(said));
                case LONG -> same(said, Long.parseLong(said));
                case BOOLEAN -> bool(said);
                case DATE -> date(said);
                case TIMESTAMP -> time(said);
                case INSTANT ->
                        said.endsWith(UTC)
                                ? time(said.substring(0, said.length() - UTC.length()))
                                : OptionalLong.empty();
            };
        } catch (NumberFormatException | DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong same(String said, long number) {
        return Long.toString(number).equals(said) ? OptionalLong.of(number) : OptionalLong.empty();
    }

    private static OptionalLong bool(String said) {
        return switch (said) {
            case "t" -> OptionalLong.of(1);
            case "f" -> OptionalLong.of(0);
            default -> OptionalLong.empty();
        };
    }

    private static OptionalLong date(String said) {
        if (said.length() != DATE_LENGTH || said.charAt(0) == '-' || said.startsWith("0000")) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(LocalDate.parse(said).toEpochDay());
    }

    /** As PostgreSQL prints it: {@code 2026-11-20 14:03:07.5}. */
    private static OptionalLong time(String said) {
        boolean isFraction = said.length() > TIME_LENGTH;
        boolean isPlain =
                said.length() >= TIME_LENGTH
                        && said.charAt(4) == '-'
                        && said.charAt(7) == '-'
                        && said.charAt(DATE_LENGTH) == ' '
                        && said.charAt(13) == ':'
                        && said.charAt(16) == ':'
                        && !said.startsWith("0000")
                        && (!isFraction
                                || (said.length() > TIME_LENGTH + 1
                                        && said.length() <= TIME_LENGTH + 1 + FRACTION_MAX
                                        && said.charAt(TIME_LENGTH) == '.'
                                        && !said.endsWith("0")));
        if (!isPlain) {
            return OptionalLong.empty();
        }
        LocalDateTime time =
                LocalDateTime.of(
                        digits(said, 0, 4),
                        digits(said, 5, 7),
                        digits(said, 8, DATE_LENGTH),
                        digits(said, 11, 13),
                        digits(said, 14, 16),
                        digits(said, 17, TIME_LENGTH));
        long micros = Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), MICROS);
        return OptionalLong.of(micros + (isFraction ? fraction(said) : 0));
    }

    private static int digits(String said, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = said.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new NumberFormatException(said);
            }
            number = 10 * number + digit;
        }
        return number;
    }

    private static int fraction(String said) {
        int micros = digits(said, TIME_LENGTH + 1, said.length());
        for (int n = said.length() - TIME_LENGTH - 1; n < FRACTION_MAX; n++) {
            micros *= 10;
        }
        return micros;
    }

    /** Writes a number as the column of this type has it. */
    void write(long number, RecordConsumer out) {
        switch (this) {
            case TEXT -> throw new IllegalStateException("a text is no number");
            case INT, DATE -> out.addInteger(Math.toIntExact(number));
            case BOOLEAN -> out.addBoolean(number != 0);
            case LONG, TIMESTAMP, INSTANT -> out.addLong(number);
        }
    }

    /** The text that a number stands for. */
    Value text(long number) {
        return switch (this) {
            case TEXT -> throw new IllegalStateException("a text is no number");
            case INT, LONG -> Value.text(Long.toString(number));
            case BOOLEAN -> number == 0 ? FALSE : TRUE;
            case DATE -> Value.text(LocalDate.ofEpochDay(number).toString());
            case TIMESTAMP -> TimeText.of(number, "");
            case INSTANT -> TimeText.of(number, UTC);
        };
    }
}
