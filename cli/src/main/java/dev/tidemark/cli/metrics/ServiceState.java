package dev.tidemark.cli.metrics;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** How one service of this process fares. Written by the service's thread, read by any. */
public final class ServiceState {
    /** The names of services that {@link Health} looks into. */
    public static final String CAPTURE = "capture";

    public static final String ARCHIVER = "archiver";

    /** What a service does. */
    enum Phase {
        RUNNING,
        /** It failed, and waits to try again. */
        RETRYING,
        /** It does not come back; the process ends. */
        ENDED
    }

    /**
     * A look at it.
     *
     * @param since when the phase began
     * @param retries how often it failed since the start
     * @param failed when it failed last
     */
    record Snapshot(
            String name, Phase phase, Instant since, long retries, Optional<Instant> failed) {}

    private final Clock clock;
    private volatile Snapshot snapshot;

    public ServiceState(String name, Clock clock) {
        this.clock = clock;
        this.snapshot = new Snapshot(name, Phase.RUNNING, clock.instant(), 0, Optional.empty());
    }

    public String name() {
        return snapshot.name();
    }

    Snapshot snapshot() {
        return snapshot;
    }

    /** It runs, for the first time or again; nothing new while it does. */
    public void running() {
        enter(Phase.RUNNING);
    }

    /** It failed and will be tried again. */
    public void retrying() {
        Instant now = clock.instant();
        Snapshot before = snapshot;
        snapshot =
                new Snapshot(
                        before.name(), Phase.RETRYING, now, before.retries() + 1, Optional.of(now));
    }

    /** It will not run again. */
    public void ended() {
        enter(Phase.ENDED);
    }

    private void enter(Phase next) {
        Snapshot before = snapshot;
        if (before.phase() != next) {
            snapshot =
                    new Snapshot(
                            before.name(),
                            next,
                            clock.instant(),
                            before.retries(),
                            before.failed());
        }
    }
}
