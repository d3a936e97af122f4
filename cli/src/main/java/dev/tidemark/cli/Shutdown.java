package dev.tidemark.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Makes SIGTERM and Ctrl-C an interrupt of the main thread, so that a command ends by its own way
 * and with its own exit code.
 */
final class Shutdown {
    /** Supervisors kill after 10 s (Docker) to 90 s (systemd); a clean stop takes a second. */
    private static final Duration END_MAX = Duration.ofSeconds(10);

    private final Thread main;
    private final PrintStream err;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interruptMain, "shutdown");
    private volatile boolean isEndAwaited;
    private volatile int code;

    private Shutdown(Thread main, PrintStream err) {
        this.main = main;
        this.err = err;
    }

    /** Begins to wait for signals. */
    static Shutdown interrupting(Thread main, PrintStream err) {
        var shutdown = new Shutdown(main, err);
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        return shutdown;
    }

    /** A signal ends the process only when the main thread has come to its end. */
    void awaitEnd() {
        isEndAwaited = true;
    }

    /** Ends the process with this code, also when a signal is already ending it. */
    void exit(int exitCode) {
        code = exitCode;
        if (isFirst()) {
            System.exit(exitCode);
        }
        ended.countDown();
    }

    private boolean isFirst() {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return false; // a signal came first: its hook waits for us
        }
    }

    private void interruptMain() {
        main.interrupt();
        try {
            if (isEndAwaited) {
                ended.await();
            }
            if (ended.await(END_MAX.toSeconds(), TimeUnit.SECONDS)) {
                // System.exit would wait for this hook; only halt can still set the code.
                Runtime.getRuntime().halt(code);
            }
            err.println("error: did not stop within " + END_MAX.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
