package dev.tidemark.archiver.simulation;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A program in a thread of its own that runs only while {@link #step} is called: from one {@link
 * #pause} to the next. So of all programs of a simulation one runs at a time, and the order is the
 * caller's.
 */
final class Stepped {
    /** What it does; it calls {@link #pause} before each thing that others can see. */
    interface Body {
        void run() throws Exception;
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
        thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(body));
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
