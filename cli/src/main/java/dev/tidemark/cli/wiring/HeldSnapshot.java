package dev.tidemark.cli.wiring;

import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot of the source that is let go by itself after some time: as long as it is held the
 * source keeps its log and its dead rows for it. Sessions that took it up keep it, and are to ask
 * {@link #require} now and then. Any thread may ask and close.
 */
final class HeldSnapshot implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeldSnapshot.class);

    private final SourceSnapshot snapshot;
    private final Duration limit;
    private final long end;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("held-snapshot").factory());
    private final AtomicBoolean isLetGo = new AtomicBoolean();

    private HeldSnapshot(SourceSnapshot snapshot, Duration limit) {
        this.snapshot = snapshot;
        this.limit = limit;
        this.end = System.nanoTime() + limit.toNanos();
    }

    /** From now on, for so long at most. */
    static HeldSnapshot hold(SourceSnapshot snapshot, Duration limit) {
        HeldSnapshot held = new HeldSnapshot(snapshot, limit);
        var unused = held.timer.schedule(held::letGo, limit.toNanos(), TimeUnit.NANOSECONDS);
        return held;
    }

    SourceSnapshot snapshot() {
        return snapshot;
    }

    /**
     * Refuses what needs it after its time.
     *
     * @throws TidemarkException (failed) then
     */
    void require() {
        if (System.nanoTime() - end > 0) {
            throw TidemarkException.failed(
                    "the source's snapshot was let go after %s, since the source keeps its log and its dead rows for it"
                            .formatted(Figures.duration(limit)),
                    "Give it longer, with --hold or drill.hold, or drill when less is at work. With --no-source the"
                            + " source is not read.");
        }
    }

    /** How long it is held yet. */
    Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    private void letGo() {
        if (isLetGo.compareAndSet(false, true)) {
            try {
                snapshot.close();
            } catch (TidemarkException e) {
                log.debug("the snapshot went with its session", e);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        if (isLetGo.compareAndSet(false, true)) {
            snapshot.close();
        }
    }
}
