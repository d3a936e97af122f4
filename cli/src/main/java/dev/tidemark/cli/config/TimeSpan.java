package dev.tidemark.cli.config;

import dev.tidemark.schemas.TidemarkException;
import java.time.DateTimeException;
import java.time.Duration;

/** Reads a duration on the command line as the configuration has durations, and as ISO 8601 has. */
public final class TimeSpan {
    /** A number of more digits may be beyond what can be taken from an instant. */
    private static final Duration MAX = Duration.ofDays(36_500);

    private TimeSpan() {}

    /**
     * Not negative.
     *
     * @throws TidemarkException (usage) when it is none, or of more than a hundred years
     */
    public static Duration parse(String text) {
        try {
            boolean isIso = text.startsWith("P") || text.startsWith("p");
            Duration duration =
                    isIso ? Duration.parse(text) : ValueType.DURATION.parse().apply(text);
            if (!duration.isNegative() && duration.compareTo(MAX) <= 0) {
                return duration;
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // It is said below.
        }
        throw TidemarkException.usage(
                "not a duration: '" + text + "'",
                "Write it as 500ms, 5s, 2m, 1h or 30d, or as PT1H30M.");
    }
}
