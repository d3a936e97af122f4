package dev.tidemark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final HandClock clock = new HandClock();
    private final List<String> lines = new ArrayList<>();
    private final Progress progress = new LogProgress(clock, lines::add);

    @Test
    void aLineIsWrittenEveryTenSecondsAndAtTheEnd() {
        try (var task = progress.start("load", 4_000_000, Progress.Unit.ROWS)) {
            task.advance(1);
            clock.move(Duration.ofSeconds(10));
            task.advance(999_999);
            clock.move(Duration.ofSeconds(9));
            task.advance(1_000_000);
            clock.move(Duration.ofSeconds(1));
            task.advance(2_000_000);
        }

        assertThat(lines)
                .containsExactly(
                        "load: 1.0 M rows of 4.0 M rows (25 %), 100 k rows/s, 30 s left",
                        "load: 4.0 M rows of 4.0 M rows (100 %), 200 k rows/s",
                        "load: 4.0 M rows in 20 s, 200 k rows/s");
    }

    @Test
    void withoutATotalThereIsNoPercentage() {
        try (var task = progress.start("read", Progress.UNKNOWN, Progress.Unit.BYTES)) {
            clock.move(Duration.ofSeconds(10));
            task.advance(10L << 20);
        }

        assertThat(lines)
                .containsExactly("read: 10.0 MiB, 1.0 MiB/s", "read: 10.0 MiB in 10 s, 1.0 MiB/s");
    }

    @Test
    void statementsHaveNoRate() {
        try (var task = progress.start("indexes and constraints", 3, Progress.Unit.STATEMENTS)) {
            task.advance(1);
            clock.move(Duration.ofSeconds(10));
            task.advance(1);
            task.advance(1);
        }

        assertThat(lines)
                .containsExactly(
                        "indexes and constraints: 2 statements of 3 statements (67 %)",
                        "indexes and constraints: 3 statements in 10 s");
    }

    @Test
    void workThatTakesNoTimeHasNoRate() {
        progress.start("load", 0, Progress.Unit.ROWS).close();

        assertThat(lines).containsExactly("load: 0 rows in 0 ms");
    }

    @Test
    void onATerminalABarIsShown() {
        var err = new ByteArrayOutputStream();
        var terminal = new TerminalProgress(new PrintStream(err, true, StandardCharsets.UTF_8));

        try (var task = terminal.start("load", 10, Progress.Unit.ROWS)) {
            task.advance(10);
        }

        assertThat(err.toString(StandardCharsets.UTF_8)).contains("load", "100%", "10/10 rows");
    }

    private static final class HandClock extends Clock {
        private Instant now = Instant.EPOCH;

        void move(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("not needed");
        }
    }
}
