package dev.tidemark.cli.config;

import java.time.LocalTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time of every day, perhaps over midnight.
 *
 * @param from included
 * @param to not included; equal to {@code from} for all day
 */
public record DailyWindow(LocalTime from, LocalTime to) {
    private static final Pattern FORM = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

    static DailyWindow parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        return new DailyWindow(LocalTime.parse(parts.group(1)), LocalTime.parse(parts.group(2)));
    }

    /** Is it open at that time of the day? */
    public boolean isOpen(LocalTime time) {
        boolean isAfterFrom = !time.isBefore(from);
        boolean isBeforeTo = time.isBefore(to);
        return from.isBefore(to) ? isAfterFrom && isBeforeTo : isAfterFrom || isBeforeTo;
    }
}
