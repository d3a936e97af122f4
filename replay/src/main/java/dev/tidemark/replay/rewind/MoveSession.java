package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.SchemaPlan;
import dev.tidemark.replay.load.SqlStates;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A session in which rows are moved: neither triggers nor rules act in it. What it did not commit
 * is undone, and its locks are free, when {@link #close} returns. For one thread.
 */
record MoveSession(Database target, Connection connection) implements AutoCloseable {
    private static final String REPLICA = "SET session_replication_role = replica";

    private static final List<String> SETTINGS =
            List.of(
                    REPLICA,
                    "SET event_triggers = off",
                    "SET lock_timeout = '10s'"); // others' transactions are to be short

    /**
     * Opens one.
     *
     * @throws TidemarkException (refused) when its user may not keep triggers from acting
     */
    static MoveSession open(Database target) throws SQLException {
        MoveSession session = new MoveSession(target, target.connect());
        try {
            session.set();
            return session;
        } catch (SQLException | TidemarkException e) {
            session.connection.close();
            throw e;
        }
    }

    private void set() throws SQLException {
        List<String> settings = new ArrayList<>(SchemaPlan.SESSION);
        settings.addAll(SETTINGS);
        for (String setting : settings) {
            try {
                execute(setting);
            } catch (SQLException e) {
                if (!SqlStates.isNotAllowed(e)) {
                    throw e;
                }
                if (setting.equals(REPLICA)) {
                    throw TidemarkException.refused(
                            "the user of %s may not set session_replication_role".formatted(target),
                            "Without it triggers and foreign keys would act on the rows that move. Be a superuser, or let one"
                                    + " run GRANT SET ON PARAMETER session_replication_role TO the user.",
                            e);
                }
            }
        }
    }

    void execute(String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    static void checkGoesOn() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while the database was moved");
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }
}
