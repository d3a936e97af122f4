package dev.tidemark.archive.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Calls over a network that end when their caller is interrupted. A platform thread that waits at a
 * socket notices no interrupt, and would wait for a service that says nothing until its time is up;
 * of a virtual thread the interrupt closes the socket.
 */
final class Interruptible {
    /** Where something else than a socket is waited for, such as a name's address. */
    private static final Duration END_MAX = Duration.ofSeconds(1);

    private Interruptible() {}

    /** A call that waits. */
    interface Call<T> {
        T run() throws IOException;
    }

    /** A call without an answer. */
    interface Action {
        void run() throws IOException;
    }

    static void run(Action action) throws IOException {
        call(
                () -> {
                    action.run();
                    return true;
                });
    }

    /**
     * Runs a call, and passes an interrupt on to it; what it does then is its answer, and the
     * caller stays interrupted.
     */
    static <T> T call(Call<T> call) throws IOException {
        FutureTask<T> task = new FutureTask<>(call::run);
        Thread thread =
                Thread.ofVirtual().name(Thread.currentThread().getName() + "-call").start(task);
        boolean isInterrupted = false;
        try {
            try {
                return task.get();
            } catch (InterruptedException e) {
                isInterrupted = true;
                return interrupted(thread, task);
            }
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T interrupted(Thread thread, FutureTask<T> task)
            throws IOException, ExecutionException {
        thread.interrupt();
        try {
            if (thread.join(END_MAX)) {
                return task.get();
            }
            throw new InterruptedIOException("interrupted");
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
    }

    private static IOException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case IOException cause -> cause;
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null, default -> new IOException(e);
        };
    }
}
