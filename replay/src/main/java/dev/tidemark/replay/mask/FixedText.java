package dev.tidemark.replay.mask;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Optional;

/**
 * Fixed values in PostgreSQL's own text form of a type: what is written is read back and compared.
 */
final class FixedText {
    private static final String TIME =
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{0,5}[1-9])?";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private FixedText() {}

    /** Empty when the type has no such value, or none that can be told from here. */
    static Optional<String> of(String text, ColumnType type) {
        return switch (type.kind()) {
            case TEXT, CASELESS_TEXT -> fitting(text, type);
            case PADDED_TEXT -> fitting(text, type).map(fits -> padded(fits, type));
            case SMALLINT, INTEGER, BIGINT -> integer(text, type);
            case NUMERIC -> numeric(text, type);
            case FLOAT -> matching(text, "0|-?[1-9]\\d{0,5}");
            case BOOLEAN -> bool(text);
            case UUID -> matching(text, UUID);
            case DATE -> date(text);
            case TIMESTAMP -> time(text, TIME, type);
            case TIMESTAMP_WITH_ZONE -> time(text, TIME + "\\+00", type);
            case JSON, JSONB -> matching(text, "\\{}|\\[]");
            case BYTES -> matching(text, "\\\\x([0-9a-f]{2})*");
            case ENUM -> Optional.of(text).filter(type.labels()::contains);
            case ARRAY -> matching(text, "\\{}");
            case OTHER -> Optional.empty();
        };
    }

    /** What it may be, for a hint. */
    static String forms(ColumnType type) {
        return switch (type.kind()) {
            case TEXT, CASELESS_TEXT, PADDED_TEXT -> "at most " + type.size() + " characters";
            case SMALLINT, INTEGER, BIGINT -> "a whole number that it holds";
            case NUMERIC, FLOAT -> "a number that it holds";
            case BOOLEAN -> "true or false";
            case UUID -> "a uuid in lower case";
            case DATE -> "2026-01-31";
            case TIMESTAMP -> "2026-01-31 12:00:00";
            case TIMESTAMP_WITH_ZONE -> "2026-01-31 12:00:00+00";
            case JSON, JSONB -> "{} or []";
            case BYTES -> "\\x and hexadecimal digits";
            case ENUM -> String.join(", ", type.labels());
            case ARRAY -> "{}";
            case OTHER -> "nothing that can be checked here: take null";
        };
    }

    /** With blanks up to the type's size. */
    static String padded(String text, ColumnType type) {
        int missing = Math.max(1, type.size()) - text.codePointCount(0, text.length());
        return text + " ".repeat(Math.max(0, missing));
    }

    private static Optional<String> fitting(String text, ColumnType type) {
        return text.indexOf('\0') < 0
                        && text.codePointCount(0, text.length()) <= type.charactersMax()
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<String> matching(String text, String pattern) {
        return Optional.of(text).filter(given -> given.matches(pattern));
    }

    private static Optional<String> integer(String text, ColumnType type) {
        return matching(text, "0|-?[1-9]\\d{0,18}")
                .filter(
                        digits ->
                                new BigDecimal(digits)
                                                .abs()
                                                .compareTo(BigDecimal.valueOf(type.greatest()))
                                        <= 0);
    }

    private static Optional<String> numeric(String text, ColumnType type) {
        return matching(text, "-?\\d{1,500}(\\.\\d{1,500})?")
                .map(BigDecimal::new)
                .filter(number -> type.size() == 0 || isHeld(number, type))
                .map(
                        number ->
                                type.size() == 0 || type.scale() < 0
                                        ? number
                                        : number.setScale(type.scale()))
                .map(BigDecimal::toPlainString);
    }

    private static boolean isHeld(BigDecimal number, ColumnType type) {
        return number.stripTrailingZeros().scale() <= type.scale()
                && number.precision() - number.scale() <= type.size() - type.scale();
    }

    private static Optional<String> bool(String text) {
        return switch (text) {
            case "true", "t" -> Optional.of("t");
            case "false", "f" -> Optional.of("f");
            default -> Optional.empty();
        };
    }

    private static Optional<String> date(String text) {
        return matching(text, "\\d{4}-\\d\\d-\\d\\d").filter(FixedText::hasDate);
    }

    private static Optional<String> time(String text, String pattern, ColumnType type) {
        return matching(text, pattern)
                .filter(FixedText::hasDate)
                .filter(given -> isTime(given.replace("+00", ""), type));
    }

    /** One that the type would round is another when it is read back. */
    private static boolean isTime(String text, ColumnType type) {
        int point = text.indexOf('.');
        int digits = point < 0 ? 0 : text.length() - point - 1;
        try {
            LocalTime.parse(text.substring("2026-01-31 ".length()));
            return digits <= type.size();
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean hasDate(String text) {
        try {
            return LocalDate.parse(text.substring(0, "2026-01-31".length())).getYear() > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
