package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.schemas.change.Value;
import java.time.LocalDate;

/** Writes a date and time of day as PostgreSQL does: {@code 2026-11-20 14:03:07.5}. */
final class TimeText {
    private static final long SECOND_MICROS = 1_000_000;
    private static final long DAY_SECONDS = 86_400;
    private static final int HOUR_SECONDS = 3_600;
    private static final int MINUTE_SECONDS = 60;
    private static final int FRACTION_DIGITS = 6;
    private static final int TIME_LENGTH = " 14:03:07".length();
    private static final int YEAR_DIGITS = 4;

    private final byte[] text;
    private int end;

    private TimeText(int size) {
        text = new byte[size];
    }

    /**
     * The text of so many microseconds since 1970.
     *
     * @param zone what comes after it
     */
    static Value of(long micros, String zone) {
        long seconds = Math.floorDiv(micros, SECOND_MICROS);
        int fraction = Math.toIntExact(Math.floorMod(micros, SECOND_MICROS));
        int digits = fraction == 0 ? 0 : FRACTION_DIGITS;
        for (; digits > 0 && fraction % 10 == 0; digits--) {
            fraction /= 10;
        }
        LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(seconds, DAY_SECONDS));
        int years = Math.max(YEAR_DIGITS, Integer.toString(date.getYear()).length());
        TimeText out =
                new TimeText(
                        years
                                + "-11-20".length()
                                + TIME_LENGTH
                                + (digits == 0 ? 0 : 1 + digits)
                                + zone.length());
        out.date(date, years);
        out.timeOfDay(Math.toIntExact(Math.floorMod(seconds, DAY_SECONDS)));
        if (digits > 0) {
            out.put('.');
            out.put(fraction, digits);
        }
        byte[] end = zone.getBytes(US_ASCII);
        System.arraycopy(end, 0, out.text, out.end, end.length);
        return new Value.Text(out.text);
    }

    private void date(LocalDate date, int years) {
        put(date.getYear(), years);
        put('-');
        put(date.getMonthValue(), 2);
        put('-');
        put(date.getDayOfMonth(), 2);
    }

    private void timeOfDay(int seconds) {
        put(' ');
        put(seconds / HOUR_SECONDS, 2);
        put(':');
        put(seconds / MINUTE_SECONDS % MINUTE_SECONDS, 2);
        put(':');
        put(seconds % MINUTE_SECONDS, 2);
    }

    private void put(char one) {
        text[end++] = (byte) one;
    }

    /** With zeros before it. */
    private void put(int number, int digits) {
        int rest = number;
        for (int at = end + digits - 1; at >= end; at--) {
            text[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        end += digits;
    }
}
