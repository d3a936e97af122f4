package dev.tidemark.archiver.expire;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A policy: how long what is kept.
 *
 * @param restoreWindow all bases so far back are kept, so that a restore is as fast as it can be.
 *     Empty with some {@code bases}: nothing but those and what history needs; empty without them:
 *     all
 * @param bases of how many periods, back from the newest, the last base is kept besides
 * @param history every change so far back is kept, so that every moment can be restored; empty for
 *     ever
 */
public record Retention(
        Optional<Duration> restoreWindow, Map<Cycle, Integer> bases, Optional<Duration> history) {
    public Retention {
        bases = Map.copyOf(bases);
        if (history.isPresent()
                && restoreWindow
                        .filter(window -> window.compareTo(history.get()) > 0)
                        .isPresent()) {
            throw new IllegalArgumentException("a restore window longer than the history");
        }
        if (bases.values().stream().anyMatch(count -> count < 1)
                || restoreWindow.filter(window -> !window.isPositive()).isPresent()
                || history.filter(kept -> !kept.isPositive()).isPresent()) {
            throw new IllegalArgumentException("a policy that keeps nothing");
        }
    }

    /** Does it keep everything for ever? */
    public boolean isEmpty() {
        return keepsAllBases() && history.isEmpty();
    }

    /** Do bases stay as long as the history that they are of? */
    boolean keepsAllBases() {
        return restoreWindow.isEmpty() && bases.isEmpty();
    }
}
