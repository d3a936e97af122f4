package dev.tidemark.cli;

import dev.tidemark.schemas.TidemarkException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Sessions that do one transaction after another whatever happens to the server: who lost his
 * connection opens another one. What they did not expect is kept for the test to see.
 */
public final class Clients implements AutoCloseable {
    /** A server that is down for a second is asked some twenty times. */
    private static final Duration RETRY_AFTER = Duration.ofMillis(50);

    private static final Duration END_MAX = Duration.ofSeconds(30);

    private final SourceServer server;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean isStopping;

    public Clients(SourceServer server) {
        this.server = server;
    }

    /** One transaction, from its first statement to its end. */
    interface Transaction {
        void run(Connection connection) throws SQLException;
    }

    void start(String name, Random random, Duration pauseMax, Transaction transaction) {
        threads.add(
                Thread.ofPlatform()
                        .name(name)
                        .start(
                                () -> {
                                    while (!isStopping) {
                                        session(random, pauseMax, transaction);
                                    }
                                }));
    }

    private void session(Random random, Duration pauseMax, Transaction transaction) {
        try (Connection connection = server.connect("crm")) {
            connection.setAutoCommit(false);
            while (!isStopping) {
                one(connection, transaction);
                pause(random, pauseMax);
            }
        } catch (SQLException e) {
            note(isLost(e), e);
        } catch (TidemarkException e) { // it could not connect
            note(e.getCause() instanceof SQLException cause && isLost(cause), e);
        } catch (RuntimeException e) { // else its thread would be gone without a word
            note(false, e);
        }
    }

    private void one(Connection connection, Transaction transaction) throws SQLException {
        try {
            transaction.run(connection);
            transactions.incrementAndGet();
        } catch (SQLException e) {
            if (!isOfCompany(e)) {
                throw e;
            }
            connection.rollback();
        }
    }

    private void note(boolean isExpected, Exception e) {
        if (isExpected) {
            lost.incrementAndGet();
            LockSupport.parkNanos(RETRY_AFTER.toNanos());
        } else {
            failures.add(e);
            isStopping = true;
        }
    }

    /** The server is gone, going, or not yet there. */
    static boolean isLost(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("08") || state.startsWith("57P");
    }

    /** Others do things at the same time: serialization, deadlock, a lock, a key that is taken. */
    static boolean isOfCompany(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("40") || state.equals("55P03") || state.equals("23505");
    }

    static void pause(Random random, Duration most) {
        LockSupport.parkNanos(random.nextLong(Math.max(1, most.toNanos())));
    }

    public List<Exception> failures() {
        return List.copyOf(failures);
    }

    @Override
    public String toString() {
        return "%s transactions, %s lost connections or attempts at one"
                .formatted(transactions, lost);
    }

    @Override
    public void close() throws InterruptedException {
        isStopping = true;
        for (Thread thread : threads) {
            thread.join(END_MAX);
        }
        if (threads.stream().anyMatch(Thread::isAlive)) {
            failures.add(
                    new IllegalStateException(
                            "a client did not end in " + TimeUnit.SECONDS.convert(END_MAX) + " s"));
        }
    }
}
