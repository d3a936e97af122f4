package dev.tidemark.capture;

import dev.tidemark.capture.prepare.SlotRemoval;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves the source's disk, where an operator wants that rather than a whole history: gives the slot
 * up when the source keeps too much of its log for it. What was not captured is lost then, and the
 * next base says so.
 *
 * <p>Without a limit it does nothing. A session is ended first, by its own thread: only a slot that
 * nobody streams from can be dropped.
 */
final class WalLimit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WalLimit.class);

    /** A source that is busy writes some hundred MB in that time. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final CaptureSettings settings;
    private final SlotGuard guard;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("capture-wal-limit").factory());

    WalLimit(CaptureSettings settings, SlotGuard guard) {
        this.settings = settings;
        this.guard = guard;
    }

    /**
     * Drops the slot when the limit is passed.
     *
     * @throws TidemarkException (refused) when it was
     */
    void enforce() {
        long held = guard.look().heldBytes();
        if (isPassed(held)) {
            SlotRemoval.dropSlot(settings.source(), settings.slot());
            throw TidemarkException.refused(
                    "the slot '%s' was given up: the source kept %d bytes of its log for it, more than capture.wal-limit"
                            .formatted(settings.slot(), held),
                    "What was not captured is lost. When the cause is gone, 'tidemark base --from-source' takes a new base"
                            + " and records the gap.");
        }
    }

    /** Ends a session, by this, when the limit is passed while it lasts. */
    void watch(Runnable end) {
        if (settings.walBytesMax().isEmpty()) {
            return;
        }
        var unused =
                looks.scheduleWithFixedDelay(
                        () -> look(end), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(Runnable end) {
        try {
            long held = guard.look().heldBytes();
            if (isPassed(held)) {
                log.error(
                        "the source keeps {} bytes of its log, more than capture.wal-limit", held);
                end.run();
            }
        } catch (RuntimeException e) { // or there would be no next look
            log.debug("the next look may tell", e);
        }
    }

    private boolean isPassed(long held) {
        return settings.walBytesMax().filter(most -> held > most).isPresent();
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
