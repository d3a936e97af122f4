package dev.tidemark.replay.evidence;

import dev.tidemark.schemas.change.Value;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts fields together to a row, each as PostgreSQL writes it. For one thread. */
final class RowMaker {
    static final String TIME = "timestamp with time zone";
    static final String TEXT = "text";
    static final String NUMBER = "bigint";
    static final String TRUTH = "boolean";

    static final String KNOWN = "known";
    static final String UNKNOWN = "unknown";

    /** There is no such thing: no row, no part of a document. */
    static final String ABSENT = "absent";

    private static final int FRACTION_DIGITS = 6; // PostgreSQL counts microseconds
    private static final DateTimeFormatter LOCAL =
            new DateTimeFormatterBuilder()
                    .appendPattern("uuuu-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, FRACTION_DIGITS, true)
                    .toFormatter(java.util.Locale.ROOT);

    private final List<Value> fields = new ArrayList<>();

    RowMaker text(String text) {
        fields.add(Value.text(text));
        return this;
    }

    RowMaker text(Optional<String> text) {
        fields.add(text.<Value>map(Value::text).orElse(Value.Mark.NULL));
        return this;
    }

    RowMaker number(long number) {
        return text(Long.toString(number));
    }

    RowMaker truth(boolean truth) {
        return text(truth ? "t" : "f");
    }

    RowMaker time(Instant time) {
        return text(instant(time));
    }

    RowMaker time(Optional<Instant> time) {
        return text(time.map(RowMaker::instant));
    }

    /** A value, and in the next field what it is: an empty one is NULL only where it is known. */
    RowMaker value(Optional<String> value, String is) {
        return text(value).text(is);
    }

    RowMaker nothing(int more) {
        for (int i = 0; i < more; i++) {
            fields.add(Value.Mark.NULL);
        }
        return this;
    }

    List<Value> row() {
        return List.copyOf(fields);
    }

    static String instant(Instant time) {
        return local(LocalDateTime.ofInstant(time, ZoneOffset.UTC)) + "+00";
    }

    static String local(LocalDateTime time) {
        return LOCAL.format(time);
    }
}
