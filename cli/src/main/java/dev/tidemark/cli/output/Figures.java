package dev.tidemark.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them: short, and with their unit. */
public final class Figures {
    private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final String[] COUNT_UNITS = {"", " k", " M", " G", " T"};

    private Figures() {}

    /** {@code 1.5 MiB}. */
    public static String bytes(long bytes) {
        return scaled(bytes, 1_024, BYTE_UNITS, " ");
    }

    /** {@code 1.5 M}. */
    public static String count(long count) {
        return scaled(count, 1_000, COUNT_UNITS, "");
    }

    /** {@code 1 table}, {@code 2 tables}, {@code 1.5 M rows}. */
    public static String counted(long count, String what) {
        return count(count) + " " + what + (count == 1 ? "" : "s");
    }

    /** {@code 12 ms}, {@code 4.2 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
    public static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "-" + duration(duration.negated());
        }
        long seconds = duration.toSeconds();
        if (seconds == 0) {
            return duration.toMillis() + " ms";
        }
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%d.%d s", seconds, duration.toMillisPart() / 100);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (duration.toMinutes() < 60) {
            return two(duration.toMinutes(), "min", duration.toSecondsPart(), "s");
        }
        return duration.toHours() < 24
                ? two(duration.toHours(), "h", duration.toMinutesPart(), "min")
                : two(duration.toDays(), "d", duration.toHoursPart(), "h");
    }

    private static String two(long large, String unit, int small, String smallUnit) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** Three digits at least: one after the point below 100, none above; units of one are exact. */
    private static String scaled(long number, int base, String[] units, String gap) {
        if (number > -base && number < base) {
            return number + gap + units[0];
        }
        double value = number;
        int unit = 0;
        // What would be rounded up to the base belongs to the next unit.
        while (Math.abs(value) >= base - 0.5 && unit < units.length - 1) {
            value /= base;
            unit++;
        }
        String form = Math.abs(value) < 99.95 ? "%.1f%s%s" : "%.0f%s%s";
        return String.format(Locale.ROOT, form, value, gap, units[unit]);
    }
}
