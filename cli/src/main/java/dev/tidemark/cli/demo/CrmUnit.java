package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One transaction on a connection that is given back in the mode it came in. */
final class CrmUnit {
    /** What a busy database answers to one of two that want the same: trying again helps. */
    static final Set<String> BUSY =
            Set.of(
                    "40001", // serialization_failure
                    "40P01", // deadlock_detected
                    "55P03"); // lock_not_available

    /** 120 tries of a lock wait of at most 0.5 s: sessions get a minute to make room. */
    private static final int TRIES_MAX = 120;

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private CrmUnit() {}

    @FunctionalInterface
    interface Body {
        void run() throws SQLException;
    }

    /** Runs and commits; rolls back when the body fails. */
    static void run(Connection connection, Body body) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            body.run();
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            rollBack(connection, e);
            throw e;
        } finally {
            restore(connection, autoCommit);
        }
    }

    /** Like {@link #run}, again and again while other sessions hold what the body needs. */
    static void runAmongSessions(Connection connection, Body body) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                run(connection, body);
                return;
            } catch (SQLException e) {
                if (attempt == TRIES_MAX || !BUSY.contains(String.valueOf(e.getSQLState()))) {
                    throw e;
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Rolls back after a failure; should that fail too, the first is what is told. */
    static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static void restore(Connection connection, boolean autoCommit) throws SQLException {
        if (!connection.isClosed()) {
            connection.setAutoCommit(autoCommit);
        }
    }
}
