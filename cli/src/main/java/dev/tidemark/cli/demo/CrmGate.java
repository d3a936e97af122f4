package dev.tidemark.cli.demo;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Where each session asks before a transaction: holds them to the rate and the limits, and keeps
 * them out during a pause. Safe for many sessions; paused and resumed by one thread at a time.
 */
final class CrmGate {
    /** After a pause or a slow moment the rate catches up so far, not more. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final int sessions;
    private final Semaphore inside;
    private final AtomicLong transactionsLeft;
    private final long intervalNanos;
    private final long openedNanos = System.nanoTime();
    private final long durationNanos;
    private final AtomicLong nextSlot = new AtomicLong();
    private final AtomicBoolean paused = new AtomicBoolean();
    private volatile boolean closed;

    CrmGate(CrmWorkload.Load load) {
        this.sessions = load.sessions();
        // Fair: a pause that waits is not overtaken for ever.
        this.inside = new Semaphore(sessions, true);
        this.transactionsLeft = new AtomicLong(load.transactionsMax());
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / load.perSecondMax();
        this.durationNanos = load.durationMax().toNanos();
    }

    /**
     * Waits for the session's turn.
     *
     * @return false when it is time to stop; else {@link #leave} must follow
     */
    boolean enter() throws InterruptedException {
        if (!awaitSlot() || transactionsLeft.getAndDecrement() <= 0) {
            return false;
        }
        inside.acquire();
        if (closed) {
            inside.release();
            return false;
        }
        return true;
    }

    void leave() {
        inside.release();
    }

    private boolean awaitSlot() throws InterruptedException {
        long slot = 0;
        if (intervalNanos > 0) {
            slot =
                    nextSlot.updateAndGet(
                            last -> Math.max(last, elapsedNanos() - BURST_NANOS) + intervalNanos);
        }
        while (!closed && elapsedNanos() < durationNanos) {
            long early = slot - elapsedNanos();
            if (early <= 0) {
                return true;
            }
            LockSupport.parkNanos(this, Math.min(early, BURST_NANOS));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return false;
    }

    private long elapsedNanos() {
        return System.nanoTime() - openedNanos;
    }

    /** Returns when no session is inside. */
    void pause() throws InterruptedException {
        if (paused.get()) {
            return;
        }
        inside.acquire(sessions);
        paused.set(true);
    }

    void resume() {
        if (paused.compareAndSet(true, false)) {
            inside.release(sessions);
        }
    }

    /** Lets every session end after its transaction. */
    void close() {
        closed = true;
        resume();
    }
}
