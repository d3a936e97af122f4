package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.LedgerEntry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * Of what a service tries again and again: which failures are worth an entry in the ledger. The
 * first is, and one a day as long as it goes on. For one thread.
 */
final class RepeatedFailures {
    /** An entry is an object for ever: one for each try would be 35,000 a year. */
    private static final Duration AGAIN = Duration.ofDays(1);

    private final Clock clock;
    private final Map<LedgerEntry.Kind, Instant> noted = new EnumMap<>(LedgerEntry.Kind.class);

    RepeatedFailures(Clock clock) {
        this.clock = clock;
    }

    /** It failed: is that to be noted? */
    boolean isNoted(LedgerEntry.Kind kind) {
        Instant now = clock.instant();
        Instant last = noted.getOrDefault(kind, Instant.MIN);
        boolean isNoted = !last.isAfter(now.minus(AGAIN));
        if (isNoted) {
            noted.put(kind, now);
        }
        return isNoted;
    }

    /** It ended well. */
    void isOver(LedgerEntry.Kind kind) {
        noted.remove(kind);
    }
}
