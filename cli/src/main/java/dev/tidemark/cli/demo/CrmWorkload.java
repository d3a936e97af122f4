package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * People at work in the CRM: several sessions, each with its own connection and its own seed, that
 * run transactions over all of its tables.
 *
 * <p>Deadlocks, serialization failures and lost races are part of the work and retried. Any other
 * error ends the session that met it and is kept in {@link #failures}; the others go on. Counting
 * and stopping is safe from any thread; {@link #pause} and {@link #resume} are for one thread.
 */
public final class CrmWorkload implements AutoCloseable {
    /** A transaction takes milliseconds; one that takes longer waits for something that is gone. */
    private static final Duration CLOSE_MAX = Duration.ofSeconds(20);

    /** Fine enough for people and tests, and costs nothing beside the sessions. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final DataSource source;
    private final Load load;
    private final CrmGate gate;
    private final CrmTally tally = new CrmTally();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final List<CrmClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile CrmVersion version = CrmVersion.ORIGINAL;

    /**
     * How much is done and when it ends: by itself at the first of the limits.
     *
     * @param perSecondMax transactions of all sessions together
     * @param transactionsMax transactions begun, of all sessions together
     * @param durationMax from the making of the workload
     */
    public record Load(
            long seed, int sessions, int perSecondMax, long transactionsMax, Duration durationMax) {
        /** Each session is a connection, and PostgreSQL's default is 100 of them. */
        private static final int SESSIONS_MAX = 64;

        /** As long as a program runs; in nanoseconds it fits 64 bits. */
        private static final Duration ENDLESS = Duration.ofDays(36_500);

        /** A rate that no server reaches. */
        private static final int UNTHROTTLED = Integer.MAX_VALUE;

        public Load {
            if (sessions < 1 || sessions > SESSIONS_MAX) {
                throw new IllegalArgumentException("sessions " + sessions + " not in 1..64");
            }
            if (perSecondMax < 1 || transactionsMax < 0 || durationMax.isNegative()) {
                throw new IllegalArgumentException(
                        "limits out of range: %d/s, %d transactions, %s"
                                .formatted(perSecondMax, transactionsMax, durationMax));
            }
        }

        /** As fast as it goes, until stopped. */
        public static Load endless(long seed, int sessions) {
            return new Load(seed, sessions, UNTHROTTLED, Long.MAX_VALUE, ENDLESS);
        }

        public Load atMost(int perSecondMax) {
            return new Load(seed, sessions, perSecondMax, transactionsMax, durationMax);
        }

        public Load transactions(long transactionsMax) {
            return new Load(seed, sessions, perSecondMax, transactionsMax, durationMax);
        }

        public Load during(Duration durationMax) {
            return new Load(seed, sessions, perSecondMax, transactionsMax, durationMax);
        }
    }

    public CrmWorkload(DataSource source, Load load) {
        this.source = source;
        this.load = load;
        this.gate = new CrmGate(load);
    }

    /** Opens all connections, then lets the sessions work. Once. */
    public void start() throws SQLException {
        if (!threads.isEmpty()) {
            throw new IllegalStateException("the workload was started before");
        }
        SplittableRandom random = new SplittableRandom(load.seed());
        for (int i = 0; i < load.sessions(); i++) {
            Connection connection = source.getConnection();
            SplittableRandom own = random.split();
            CrmClient crm = new CrmClient(connection, own);
            clients.add(crm);
            version = CrmVersion.of(connection);
            connection.setAutoCommit(false);
            threads.add(thread(i, new CrmSession(this, crm, own)));
        }
        threads.forEach(Thread::start);
    }

    private Thread thread(int number, CrmSession session) {
        return Thread.ofPlatform()
                .name("crm-session-" + number)
                .daemon()
                .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                .unstarted(() -> run(session));
    }

    private void run(CrmSession session) {
        try {
            session.work();
        } catch (SQLException e) {
            failures.add(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add(e);
        }
    }

    /** Returns when no session is inside a transaction; none begins before {@link #resume}. */
    public void pause() throws InterruptedException {
        gate.pause();
    }

    public void resume() {
        gate.resume();
    }

    /** Tells the sessions that {@link CrmMigration} is done: they use the new names from now on. */
    public void migrated() {
        version = CrmVersion.MIGRATED;
    }

    /** Waits until the sessions have ended by themselves. */
    public void await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /**
     * Waits until so many transactions are committed since the start.
     *
     * @return false when the sessions ended before
     */
    public boolean awaitCommitted(long transactions) throws InterruptedException {
        while (tally.committed() < transactions) {
            if (threads.stream().noneMatch(Thread::isAlive)) {
                return tally.committed() >= transactions;
            }
            LockSupport.parkNanos(this, LOOK_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return true;
    }

    public CrmCounts counts() {
        return tally.counts();
    }

    /** Errors that are no part of the work; empty when all is well. */
    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    /**
     * Lets each session finish its transaction and waits for that. A session that does not come
     * back within 20 s loses its connection.
     */
    @Override
    public void close() {
        gate.close();
        try {
            for (Thread thread : threads) {
                if (!thread.join(CLOSE_MAX)) {
                    abort();
                    thread.join();
                }
            }
        } catch (InterruptedException e) {
            abort();
            Thread.currentThread().interrupt();
        }
    }

    private void abort() {
        for (CrmClient client : clients) {
            try {
                client.abort();
            } catch (SQLException e) {
                failures.add(e);
            }
        }
    }

    CrmGate gate() {
        return gate;
    }

    CrmTally tally() {
        return tally;
    }

    CrmVersion version() {
        return version;
    }
}
