package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

/**
 * Draws moments from what an archive can restore, each as likely as any other. The same seed draws
 * the same ones from the same archive.
 *
 * @param windows without a hole each, in order
 */
record RandomMoment(List<Window> windows, Random random) {
    /** From and to the commit times of its ends. */
    record Window(Instant from, Instant to) {
        long micros() {
            return Math.max(0, Duration.between(from, to).toNanos() / 1_000);
        }
    }

    RandomMoment {
        windows = List.copyOf(windows);
    }

    static RandomMoment of(List<Stretch> stretches, long seed) {
        return new RandomMoment(
                stretches.stream()
                        .map(
                                one ->
                                        new Window(
                                                one.base().span().latestCommit(),
                                                one.end().span().latestCommit()))
                        .toList(),
                new Random(seed));
    }

    /** The next one. */
    Moment next() {
        long all = windows.stream().mapToLong(Window::micros).sum();
        long at = all == 0 ? 0 : random.nextLong(all);
        for (Window window : windows) {
            if (at < window.micros()) {
                return new Moment.AtTime(window.from().plus(at, ChronoUnit.MICROS));
            }
            at -= window.micros();
        }
        return new Moment.Latest(); // nothing happened since the base
    }
}
