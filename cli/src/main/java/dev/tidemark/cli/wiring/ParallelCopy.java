package dev.tidemark.cli.wiring;

import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Copies parts of tables side by side, the largest first, each worker over a session of its own.
 */
final class ParallelCopy {
    /** Copies one part. */
    interface Copy {
        void copy(Connection session, TablePart part, int number) throws IOException;
    }

    private ParallelCopy() {}

    static void run(List<TablePart> parts, int jobs, Supplier<Connection> sessions, Copy copy)
            throws IOException, InterruptedException {
        List<TablePart> order = new ArrayList<>(parts);
        order.sort(Comparator.comparingLong(TablePart::estimatedBytes).reversed());
        AtomicInteger next = new AtomicInteger();
        ExecutorService workers =
                Executors.newFixedThreadPool(jobs, Thread.ofPlatform().name("copy-", 0).factory());
        try {
            ExecutorCompletionService<Boolean> running = new ExecutorCompletionService<>(workers);
            List<Future<Boolean>> all = new ArrayList<>();
            for (int job = 0; job < jobs; job++) {
                all.add(running.submit(worker(order, next, sessions, copy)));
            }
            for (int job = 0; job < all.size(); job++) {
                running.take().get(); // the first failure ends all
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case null, default -> throw new IllegalStateException(e);
            }
        } finally {
            workers.shutdownNow();
        }
    }

    private static Callable<Boolean> worker(
            List<TablePart> order, AtomicInteger next, Supplier<Connection> sessions, Copy copy) {
        return () -> {
            try (Connection session = sessions.get()) {
                for (int n = next.getAndIncrement(); n < order.size(); n = next.getAndIncrement()) {
                    copy.copy(session, order.get(n), n);
                }
            } catch (SQLException e) {
                throw TidemarkException.failed(
                        "the source closed a session of the base: " + TidemarkException.reason(e),
                        "Run 'tidemark init' again: it cleans up and starts anew.",
                        e);
            }
            return true;
        };
    }
}
