package dev.tidemark.archiver.simulation;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A program in a virtual thread of its own that runs only while {@link #step} is called: from one
 * {@link #pause} to the next. So of all programs of a simulation one runs at a time, and the order
 * is the caller's.
 */
final class Stepped {
    /** What it does; it calls {@link #pause} before each thing that others can see. */
    interface Body {
        void run() throws Throwable;
    }

    /** The process is gone, as after SIGKILL: whatever it was about to do is not done. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private final Semaphore forward = new Semaphore(0);
    private final Semaphore back = new Semaphore(0);
    private final Thread thread;
    private boolean started;
    private volatile boolean killed;
    private volatile boolean ended;
    private volatile Optional<Throwable> failure = Optional.empty();

    Stepped(String name, Body body) {
        thread = Thread.ofVirtual().name(name).unstarted(() -> run(body));
    }

    /**
     * Runs a whole simulation in such a thread too: then its programs take turns without the
     * system's scheduler, for which they would wait on a busy machine.
     */
    static void alone(Body simulation) throws Throwable {
        Stepped whole = new Stepped("simulation", simulation);
        whole.step();
        if (whole.failure.isPresent()) {
            throw whole.failure.get();
        }
    }

    private void run(Body body) {
        forward.acquireUninterruptibly();
        try {
            if (!killed) {
                body.run();
            }
        } catch (Throwable e) { // it is the caller's to judge
            failure = Optional.of(e);
        } finally {
            ended = true;
            back.release();
        }
    }

    /** Lets it do one thing. */
    void step() {
        if (ended) {
            throw new IllegalStateException(thread.getName() + " has ended");
        }
        if (!started) {
            started = true;
            thread.start();
        }
        forward.release();
        back.acquireUninterruptibly();
    }

    /** Is it itself the caller, and not a thread that works for it? */
    boolean isCaller() {
        return Thread.currentThread() == thread;
    }

    /** Waits for the next step. */
    void pause() {
        if (!killed) {
            back.release();
            forward.acquireUninterruptibly();
        }
        if (killed) {
            throw new Killed();
        }
    }

    /** As a signal does: what it waits for, or waits for next, fails. */
    void interrupt() {
        thread.interrupt();
    }

    /** Ends it where it stands. */
    void kill() {
        killed = true;
        if (!ended) {
            step();
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** What it ended with. */
    Optional<Throwable> failure() {
        return failure;
    }
}
