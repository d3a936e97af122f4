package dev.tidemark.archiver.expire;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** Of which periods a base is kept, in UTC. */
public enum Cycle {
    DAILY,
    /** From Monday on. */
    WEEKLY,
    MONTHLY,
    YEARLY;

    /** The first day of the period that an instant is in. */
    LocalDate begin(Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        return switch (this) {
            case DAILY -> day;
            case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTHLY -> day.withDayOfMonth(1);
            case YEARLY -> day.withDayOfYear(1);
        };
    }

    /** As it is configured. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
