package dev.tidemark.cli.differential;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * One user's connection: in a transaction or between two. A statement that fails inside one is
 * taken back alone.
 */
final class Session implements AutoCloseable {
    private final int number;
    private final Connection connection;
    private final Scene scene;
    private final Consumer<String> script;
    private boolean isInTransaction;
    private boolean isSchemaTouched;

    Session(int number, Connection connection, Scene scene, Consumer<String> script)
            throws SQLException {
        this.number = number;
        this.connection = connection;
        this.scene = scene;
        this.script = script;
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            // Who waits here waits for another session of the same thread.
            statement.execute(
                    "SET lock_timeout = '15ms'; SET TimeZone = 'UTC'; SET client_min_messages = error");
        }
    }

    Scene scene() {
        return scene;
    }

    boolean isInTransaction() {
        return isInTransaction;
    }

    boolean isSchemaTouched() {
        return isSchemaTouched;
    }

    void begin() throws SQLException {
        run("BEGIN");
        isInTransaction = true;
    }

    /** COMMIT or ROLLBACK; a deferred constraint may make the one the other. */
    void end(String command) throws SQLException {
        try {
            run(command);
        } finally {
            isInTransaction = false;
            isSchemaTouched = false;
        }
    }

    void savepoint() throws SQLException {
        run("SAVEPOINT part");
    }

    void rollbackToSavepoint() throws SQLException {
        run("ROLLBACK TO part");
    }

    /** What came of an action. */
    enum Outcome {
        NOTHING_TO_DO,
        DONE,
        FAILED
    }

    /** Does it, and takes it back alone if it fails. */
    Outcome attempt(Action action, Tally tally) throws SQLException {
        boolean isGuarded = isInTransaction;
        if (isGuarded) {
            run("SAVEPOINT statement");
        }
        try {
            Optional<String> sql = action.maker().sql(scene);
            if (sql.isEmpty()) {
                return Outcome.NOTHING_TO_DO;
            }
            run(sql.get());
            isSchemaTouched |= isInTransaction && !action.isOnRows();
            tally.done(action.name());
            return Outcome.DONE;
        } catch (SQLException e) {
            script.accept("-- " + reason(e));
            tally.failed(action.name(), reason(e));
            if (isGuarded) {
                run("ROLLBACK TO statement");
            }
            return Outcome.FAILED;
        }
    }

    static String reason(SQLException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return e.getSQLState() + " " + message.lines().findFirst().orElse("");
    }

    void run(String sql) throws SQLException {
        script.accept("/* " + number + " */ " + sql + ";");
        int lines = sql.indexOf(" FROM STDIN\n");
        if (lines >= 0) {
            int end = lines + " FROM STDIN".length();
            try {
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(sql.substring(0, end), new StringReader(sql.substring(end + 1)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
