package dev.tidemark.replay.rows;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and times as PostgreSQL prints them in ISO style, and as literals may say them. */
final class TimeTexts {
    private static final String DATE = "(?<year>\\d{4,7})-(?<month>\\d{2})-(?<day>\\d{2})";
    private static final String TIME =
            "(?<hour>\\d{2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:\\.(?<fraction>\\d{1,6}))?)?";
    private static final String ZONE = "(?<zone>Z|[+-]\\d{2}(?::?\\d{2})?)";
    private static final Pattern DAY = Pattern.compile(DATE + "(?<bc> BC)?");
    private static final Pattern CLOCK = Pattern.compile(TIME);
    private static final Pattern LOCAL = Pattern.compile(DATE + "(?:[ T]" + TIME + ")?(?<bc> BC)?");
    private static final Pattern ZONED =
            Pattern.compile(DATE + "(?:[ T]" + TIME + ZONE + "?)?(?<bc> BC)?");

    private static final long SECONDS_A_DAY = 86_400;
    private static final long MICROS = 1_000_000;

    private TimeTexts() {}

    static Optional<Sortable> date(String text) {
        return infinite(text).or(() -> matched(DAY, text).flatMap(TimeTexts::moment));
    }

    static Optional<Sortable> timestamp(String text) {
        return infinite(text).or(() -> matched(LOCAL, text).flatMap(TimeTexts::moment));
    }

    /** Without an offset it is UTC. */
    static Optional<Sortable> instant(String text) {
        return infinite(text).or(() -> matched(ZONED, text).flatMap(TimeTexts::moment));
    }

    /** From 00:00 to 24:00. */
    static Optional<Sortable> time(String text) {
        return matched(CLOCK, text)
                .flatMap(TimeTexts::micros)
                .map(micros -> new Sortable.Time(0, micros));
    }

    private static Optional<Matcher> matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    private static Optional<Sortable> infinite(String text) {
        return switch (text) {
            case "infinity" -> Optional.of(Sortable.Time.INFINITY);
            case "-infinity" -> Optional.of(Sortable.Time.MINUS_INFINITY);
            default -> Optional.empty();
        };
    }

    private static Optional<Sortable> moment(Matcher text) {
        int year = Integer.parseInt(text.group("year"));
        if (year == 0) {
            return Optional.empty();
        }
        try {
            long day =
                    LocalDate.of(
                                    text.group("bc") == null ? year : 1 - year,
                                    Integer.parseInt(text.group("month")),
                                    Integer.parseInt(text.group("day")))
                            .toEpochDay();
            boolean isDay =
                    !text.pattern().pattern().contains("hour") || text.group("hour") == null;
            return isDay
                    ? Optional.of(new Sortable.Time(day, 0))
                    : micros(text).map(micros -> at(day, micros - offsetMicros(text)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Sortable at(long day, long micros) {
        long aDay = SECONDS_A_DAY * MICROS;
        return new Sortable.Time(day + Math.floorDiv(micros, aDay), Math.floorMod(micros, aDay));
    }

    private static Optional<Long> micros(Matcher text) {
        long hour = number(text, "hour");
        long minute = number(text, "minute");
        long second = number(text, "second");
        String fraction = text.group("fraction") == null ? "" : text.group("fraction");
        long micros = Long.parseLong((fraction + "000000").substring(0, 6));
        long seconds = hour * 3600 + minute * 60 + second;
        boolean isTime =
                minute < 60 && second < 60 && seconds * MICROS + micros <= SECONDS_A_DAY * MICROS;
        return isTime ? Optional.of(seconds * MICROS + micros) : Optional.empty();
    }

    private static long number(Matcher text, String group) {
        String digits = text.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static long offsetMicros(Matcher text) {
        boolean isZoned = text.pattern().pattern().contains("zone");
        String zone = isZoned ? text.group("zone") : null;
        if (zone == null || zone.equals("Z")) {
            return 0;
        }
        String digits = zone.substring(1).replace(":", "");
        long minutes =
                Long.parseLong(digits.substring(0, 2)) * 60
                        + (digits.length() > 2 ? Long.parseLong(digits.substring(2)) : 0);
        return (zone.startsWith("-") ? -minutes : minutes) * 60 * MICROS;
    }
}
