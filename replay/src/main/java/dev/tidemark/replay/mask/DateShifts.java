package dev.tidemark.replay.mask;

import dev.tidemark.schemas.change.Value;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Moves dates in PostgreSQL's text form by whole days; the time of day stays. For one thread.
 *
 * @param by the fields of a row that say how far: dates of the same person move together
 */
record DateShifts(KeyedHash hash, int daysMax, List<Integer> by) {
    private static final Pattern DATE =
            Pattern.compile(
                    "(\\d{4,7})-(\\d\\d)-(\\d\\d)"
                            + "((?:[ T]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?)?(?:Z|[+-]\\d\\d(?::?\\d\\d){0,2})?)"
                            + "( BC)?");

    /** What PostgreSQL's timestamps hold, with room for a shift. */
    private static final int YEAR_MIN = -4700;

    private static final int YEAR_MAX = 294_000;

    DateShifts {
        by = List.copyOf(by);
    }

    /** Empty when it is no date with or without a time. */
    Optional<String> of(String text, List<Value> row) {
        Matcher date = DATE.matcher(text);
        if (!date.matches()) {
            return Optional.empty();
        }
        boolean isBeforeChrist = date.group(5) != null;
        int year = Integer.parseInt(date.group(1));
        try {
            LocalDate day =
                    LocalDate.of(
                            isBeforeChrist ? 1 - year : year,
                            Integer.parseInt(date.group(2)),
                            Integer.parseInt(date.group(3)));
            return Optional.of(text(moved(day, days(row)), date.group(4)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static LocalDate moved(LocalDate day, long days) {
        boolean isBack = day.getYear() > YEAR_MAX;
        boolean isForth = day.getYear() < YEAR_MIN;
        return day.plusDays(isBack ? -Math.abs(days) : isForth ? Math.abs(days) : days);
    }

    private static String text(LocalDate day, String rest) {
        boolean isBeforeChrist = day.getYear() < 1;
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d%s%s",
                isBeforeChrist ? 1 - day.getYear() : day.getYear(),
                day.getMonthValue(),
                day.getDayOfMonth(),
                rest,
                isBeforeChrist ? " BC" : "");
    }

    /** From 1 to the most, forwards or back: never none. */
    private long days(List<Value> row) {
        StringBuilder key = new StringBuilder();
        for (int field : by) {
            key.append(row.get(field)).append('\0');
        }
        long mixed = hash.of("date-shift", key.toString()).getLong();
        long days = 1 + Long.remainderUnsigned(mixed >>> 1, daysMax);
        return (mixed & 1) == 0 ? days : -days;
    }
}
