package dev.tidemark.cli.command;

import java.io.IOException;
import java.io.InputStream;

/**
 * Ends a command when the process that started it is gone, or wants it to: its end of the standard
 * input closes then. As after a signal the command ends by its own way.
 */
final class ParentWatch {
    private ParentWatch() {}

    /** Interrupts the thread then. */
    static void interrupting(Thread thread, InputStream input) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(thread, input));
    }

    private static void watch(Thread thread, InputStream input) {
        try {
            while (input.read() >= 0) {
                // Nothing is written; only the end matters.
            }
        } catch (IOException e) {
            System.err.println("cannot read standard input: " + e);
        }
        thread.interrupt();
    }
}
