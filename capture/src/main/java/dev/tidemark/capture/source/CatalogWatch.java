package dev.tidemark.capture.source;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the source read its whole catalog now and then, and say in the log what differs from the last
 * time: no event trigger tells of some commands, and one may fail. Works in a thread of its own
 * until it is closed; a look that fails is made again.
 */
final class CatalogWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CatalogWatch.class);

    /**
     * A look is to take no more than this part of the time, however large the catalog is: one that
     * finds nothing new takes some 20 ms with 1,000 tables, one after a change some seconds.
     */
    private static final int IDLE_TIMES_LOOK = 20;

    /** That it waits itself before it reads, see look.sql. */
    private static final Duration LOOK_WAIT = Duration.ofMillis(100);

    private static final Duration RETRY = Duration.ofSeconds(1);

    /**
     * Schema commands wait for a look; while they come one after the other and make it fail, it is
     * to leave them most of the time.
     */
    private static final int RETRY_TIMES_LOOK = 5;

    /** It may tell the rows of many tables; a network that is gone must show at some time. */
    private static final Duration LOOK_MAX = Duration.ofMinutes(10);

    /** Until a look succeeds no moment is exact. */
    private static final Duration RETRY_MAX = Duration.ofMinutes(1);

    private final Database source;
    private final Duration interval;
    private final Semaphore dirty = new Semaphore(0);
    private final Thread thread;

    /**
     * @param interval between two looks, at least
     */
    CatalogWatch(Database source, Duration interval) {
        this.source = source;
        this.interval = interval;
        this.thread = Thread.ofPlatform().daemon().name("capture-catalog").unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    /** The log says that something was not told: look soon. May be called by any thread. */
    void soon() {
        dirty.release();
    }

    private void watch() {
        try {
            boolean isToldAnyway = true; // a failed trigger may have been told of before
            while (true) {
                long start = System.nanoTime();
                boolean isDone = look(isToldAnyway);
                Duration took = Duration.ofNanos(System.nanoTime() - start).minus(LOOK_WAIT);
                Duration pause =
                        isDone
                                ? longer(interval, took.multipliedBy(IDLE_TIMES_LOOK))
                                : shorter(
                                        RETRY_MAX,
                                        longer(RETRY, took.multipliedBy(RETRY_TIMES_LOOK)));
                isToldAnyway &= !isDone;
                isToldAnyway |= dirty.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                dirty.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Looks; false when it must be tried again. */
    private boolean look(boolean isToldAnyway) {
        try (Connection connection = source.connect();
                PreparedStatement query = connection.prepareStatement("SELECT tidemark.look(?)")) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LOOK_MAX.toMillis()));
            query.setBoolean(1, isToldAnyway);
            try (ResultSet answer = query.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        } catch (SQLException | TidemarkException e) {
            log.warn(
                    "could not look at the source's catalog: {}",
                    TidemarkException.reason(e).lines().findFirst().orElse(""));
            return false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
