package dev.tidemark.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** pgbench's transactions from several sessions; its history table has no key. */
final class PgbenchLoad implements AutoCloseable {
    private static final int BRANCHES = 4;
    private static final int TELLERS = 10 * BRANCHES;
    private static final int ACCOUNTS = 20_000 * BRANCHES;

    private final ReentrantReadWriteLock gate =
            new ReentrantReadWriteLock(true); // a transaction holds it for reading
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<SQLException> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean stopping;

    static void create(Deployment tidemark) throws SQLException {
        tidemark.execute(
                "crm",
                """
                CREATE TABLE public.branches (bid int PRIMARY KEY, bbalance int NOT NULL, filler char(88));
                CREATE TABLE public.tellers (tid int PRIMARY KEY, bid int, tbalance int NOT NULL, filler char(84));
                CREATE TABLE public.accounts (aid int PRIMARY KEY, bid int, abalance int NOT NULL, filler char(84));
                CREATE TABLE public.history (tid int, bid int, aid int, delta int, mtime timestamp, filler char(22));
                INSERT INTO public.branches SELECT i, 0, '' FROM generate_series(1, %d) i;
                INSERT INTO public.tellers SELECT i, i %% %d + 1, 0, '' FROM generate_series(1, %d) i;
                INSERT INTO public.accounts SELECT i, i %% %d + 1, 0, '' FROM generate_series(1, %d) i;
                """
                        .formatted(BRANCHES, BRANCHES, TELLERS, BRANCHES, ACCOUNTS));
    }

    static PgbenchLoad start(Deployment tidemark, int sessions, long seed) {
        PgbenchLoad load = new PgbenchLoad();
        for (int i = 0; i < sessions; i++) {
            Random random = new Random(seed + i);
            load.threads.add(
                    Thread.ofPlatform()
                            .name("pgbench-" + i)
                            .start(() -> load.work(tidemark, random)));
        }
        return load;
    }

    /** Returns when no session is in a transaction. */
    void pause() {
        gate.writeLock().lock();
    }

    void resume() {
        gate.writeLock().unlock();
    }

    List<SQLException> failures() {
        return List.copyOf(failures);
    }

    private void work(Deployment tidemark, Random random) {
        try (Connection connection = tidemark.connect()) {
            connection.setAutoCommit(false);
            while (!stopping) {
                gate.readLock().lock();
                try {
                    if (!stopping) { // it may have waited here
                        transaction(connection, random);
                    }
                } finally {
                    gate.readLock().unlock();
                }
            }
        } catch (SQLException e) {
            failures.add(e);
        }
    }

    private static void transaction(Connection connection, Random random) throws SQLException {
        int account = random.nextInt(ACCOUNTS) + 1;
        int teller = random.nextInt(TELLERS) + 1;
        int branch = random.nextInt(BRANCHES) + 1;
        int delta = random.nextInt(10_000) - 5_000;
        update(
                connection,
                "UPDATE public.accounts SET abalance = abalance + ? WHERE aid = ?",
                delta,
                account);
        update(
                connection,
                "UPDATE public.tellers SET tbalance = tbalance + ? WHERE tid = ?",
                delta,
                teller);
        update(
                connection,
                "UPDATE public.branches SET bbalance = bbalance + ? WHERE bid = ?",
                delta,
                branch);
        update(
                connection,
                "INSERT INTO public.history (tid, bid, aid, delta, mtime) VALUES (?, ?, ?, ?, now())",
                teller,
                branch,
                account,
                delta);
        switch (random.nextInt(50)) {
            case 0 -> connection.rollback();
            case 1 -> {
                // a table without a key loses one of perhaps several equal rows
                try (Statement statement = connection.createStatement()) {
                    statement.execute(
                            "DELETE FROM public.history WHERE ctid = (SELECT min(ctid) FROM public.history)");
                }
                connection.commit();
            }
            default -> connection.commit();
        }
    }

    private static void update(Connection connection, String sql, int... values)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setInt(i + 1, values[i]);
            }
            statement.executeUpdate();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        if (gate.isWriteLockedByCurrentThread()) {
            resume();
        }
        for (Thread thread : threads) {
            thread.join(Duration.ofSeconds(30));
        }
    }
}
