package dev.tidemark.cli.metrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Looks at something outside of the process again and again, in a daemon thread of its own: a look
 * that hangs holds up neither a scrape nor the end of the process.
 */
final class Watch implements AutoCloseable {
    /** Cheap for whoever is looked at, and often enough for whoever is woken by an alert. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /** A look, which keeps what it found for others to read; what goes wrong is part of that. */
    interface Look extends AutoCloseable {
        void look();

        @Override
        void close();
    }

    private final Thread thread;

    private Watch(Thread thread) {
        this.thread = thread;
    }

    /** Looks until this is closed; the look is closed by its own thread then. */
    static Watch start(String name, Look look) {
        return new Watch(Thread.ofPlatform().daemon().name("watch-" + name).start(() -> run(look)));
    }

    private static void run(Look look) {
        try (look) {
            while (true) {
                look.look();
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    /** Does not wait for a look that hangs. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
