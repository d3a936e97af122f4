package dev.tidemark.cli.wiring;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** How long each phase of a drill took. For one thread. */
final class DrillPhases {
    private final Clock clock;
    private final Instant start;
    private final Map<DrillReport.Phase, Duration> took = new EnumMap<>(DrillReport.Phase.class);

    /** Of a drill that begins now. */
    DrillPhases(Clock clock) {
        this.clock = clock;
        this.start = clock.instant();
    }

    /** A part of a phase. */
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Does it; a phase may have several parts. */
    <T> T timed(DrillReport.Phase phase, Work<T> work) throws IOException, InterruptedException {
        Instant began = clock.instant();
        T done = work.run();
        took.merge(phase, Duration.between(began, clock.instant()), Duration::plus);
        return done;
    }

    /** How long a phase took; empty when it did not come to its end. */
    Optional<Duration> of(DrillReport.Phase phase) {
        return Optional.ofNullable(took.get(phase));
    }

    /** All of them. */
    Map<DrillReport.Phase, Duration> all() {
        return took;
    }

    /** How long all took until now, and what lies between. */
    Duration sinceStart() {
        return Duration.between(start, clock.instant());
    }
}
