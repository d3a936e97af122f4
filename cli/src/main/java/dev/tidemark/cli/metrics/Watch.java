package dev.tidemark.cli.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Looks at something outside of the process again and again, in a daemon thread of its own: a look
 * that hangs holds up neither a scrape nor the end of the process. Any thread may ask what was
 * found.
 */
final class Watch<T> implements AutoCloseable {
    /** Cheap for whoever is looked at, and often enough for whoever is woken by an alert. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    /** What was found before is not known to be so any more, when looks hang. */
    static final Duration FRESH_MAX = Duration.ofMinutes(1);

    /** A look, for one thread; that something cannot be looked at is an answer too. */
    interface Look<T> extends AutoCloseable {
        T look();

        @Override
        void close();
    }

    private record Found<T>(Instant time, T what) {}

    private final Look<T> look;
    private final Clock clock;
    private final Thread thread;
    private volatile Optional<Found<T>> newest = Optional.empty();

    /**
     * Not looking yet.
     *
     * @param look closed by the watch's own thread at its end
     */
    Watch(String name, Look<T> look, Clock clock) {
        this.look = look;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("watch-" + name).unstarted(this::run);
    }

    /** Looks until this is closed. */
    Watch<T> start() {
        thread.start();
        return this;
    }

    private void run() {
        try (look) {
            while (true) {
                lookOnce();
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is to stop
        }
    }

    /** For its own thread. */
    void lookOnce() {
        T found = look.look();
        newest = Optional.of(new Found<>(clock.instant(), found));
    }

    /** What the last look found; empty before the first, and when that is too long ago. */
    Optional<T> newest() {
        Instant oldest = clock.instant().minus(FRESH_MAX);
        return newest.filter(found -> !found.time().isBefore(oldest)).map(Found::what);
    }

    /** Does not wait for a look that hangs. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
