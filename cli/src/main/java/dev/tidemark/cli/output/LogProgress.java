package dev.tidemark.cli.output;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Progress where no person watches: a line every ten seconds of work, and one at the end. */
public final class LogProgress implements Progress {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final Clock clock;
    private final Consumer<String> lines;

    public LogProgress(Clock clock, Consumer<String> lines) {
        this.clock = clock;
        this.lines = lines;
    }

    @Override
    public Task start(String what, long total, Unit unit) {
        return new Line(what, total, unit);
    }

    @Override
    public void say(String sentence) {
        lines.accept(sentence);
    }

    private final class Line implements Task {
        private final String what;
        private final long total;
        private final Unit unit;
        private final Instant start;
        private final AtomicLong done = new AtomicLong();
        private final AtomicReference<Instant> next;

        Line(String what, long total, Unit unit) {
            this.what = what;
            this.total = total;
            this.unit = unit;
            this.start = clock.instant();
            this.next = new AtomicReference<>(start.plus(INTERVAL));
        }

        @Override
        public void advance(long amount) {
            long sum = done.addAndGet(amount);
            Instant now = clock.instant();
            Instant due = next.get();
            // Of several threads that find a line due, the one that moves the time writes it.
            if (!now.isBefore(due) && next.compareAndSet(due, now.plus(INTERVAL))) {
                lines.accept(running(sum, Duration.between(start, now)));
            }
        }

        @Override
        public void close() {
            long sum = done.get();
            Duration elapsed = Duration.between(start, clock.instant());
            lines.accept(
                    "%s: %s in %s".formatted(what, unit.text(sum), Figures.duration(elapsed))
                            + separated(unit.rate(sum, elapsed)));
        }

        private String running(long sum, Duration elapsed) {
            List<String> parts = new ArrayList<>();
            if (total > 0) {
                long percent = Math.min(100, Math.round(sum * 100.0 / total));
                parts.add("%s of %s (%d %%)".formatted(unit.text(sum), unit.text(total), percent));
            } else {
                parts.add(unit.text(sum));
            }
            String rate = unit.rate(sum, elapsed);
            if (!rate.isEmpty()) {
                parts.add(rate);
            }
            if (total > sum && sum > 0 && !rate.isEmpty()) {
                double share = (total - sum) / (double) sum;
                Duration left = Duration.ofSeconds(Math.round(elapsed.toSeconds() * share));
                parts.add(Figures.duration(left) + " left");
            }
            return what + ": " + String.join(", ", parts);
        }

        private static String separated(String rate) {
            return rate.isEmpty() ? "" : ", " + rate;
        }
    }
}
