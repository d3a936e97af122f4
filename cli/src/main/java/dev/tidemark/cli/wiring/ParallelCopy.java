package dev.tidemark.cli.wiring;

import dev.tidemark.capture.prepare.TablePart;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies parts of tables side by side, each worker over a session of its own: first those that
 * nothing keeps as they are, then the largest.
 */
final class ParallelCopy {
    private static final Logger log = LoggerFactory.getLogger(ParallelCopy.class);

    /** Copies one part. */
    interface Copy {
        void copy(Connection session, TablePart part, int number) throws IOException;
    }

    /** A worker whose session is gone ends at once; it may still close a file. */
    private static final Duration END_MAX = Duration.ofSeconds(5);

    private final List<TablePart> order;
    private final Supplier<Connection> sessions;
    private final Copy copy;
    private final AtomicInteger next = new AtomicInteger();
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isStopping;

    private ParallelCopy(List<TablePart> parts, Supplier<Connection> sessions, Copy copy) {
        this.order =
                parts.stream()
                        .sorted(
                                Comparator.comparing(TablePart::isKept)
                                        .thenComparing(
                                                Comparator.comparingLong(TablePart::estimatedBytes)
                                                        .reversed()))
                        .toList();
        this.sessions = sessions;
        this.copy = copy;
    }

    /** Returns, or throws, when no worker is at work any more. */
    static void run(List<TablePart> parts, int jobs, Supplier<Connection> sessions, Copy copy)
            throws IOException, InterruptedException {
        ExecutorService workers =
                Executors.newFixedThreadPool(jobs, Thread.ofPlatform().name("copy-", 0).factory());
        ParallelCopy all = new ParallelCopy(parts, sessions, copy);
        try {
            all.await(new ExecutorCompletionService<>(workers), jobs);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            all.stop(workers);
        }
    }

    private void await(ExecutorCompletionService<Boolean> workers, int jobs)
            throws InterruptedException, ExecutionException {
        for (int job = 0; job < jobs; job++) {
            workers.submit(this::work);
        }
        for (int job = 0; job < jobs; job++) {
            workers.take().get(); // the first failure ends all
        }
    }

    private boolean work() throws IOException {
        try (Connection session = sessions.get()) {
            open.add(session);
            for (int n = next.getAndIncrement();
                    n < order.size() && !isStopping;
                    n = next.getAndIncrement()) {
                copy.copy(session, order.get(n), n);
            }
            open.remove(session);
        } catch (SQLException e) {
            throw TemporarySnapshot.closed("copy", e);
        }
        return true;
    }

    /** An interrupt does not end a wait for the server; the end of its session does. */
    private void stop(ExecutorService workers) {
        isStopping = true;
        workers.shutdownNow();
        for (Connection session : open) {
            try {
                session.abort(Runnable::run);
            } catch (SQLException e) {
                log.warn("cannot end a session of the base", e);
            }
        }
        try {
            if (!workers.awaitTermination(END_MAX.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("the base is still being read {} s after its end", END_MAX.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
