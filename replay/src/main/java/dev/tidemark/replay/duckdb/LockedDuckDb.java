package dev.tidemark.replay.duckdb;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * An embedded DuckDB in memory, for SQL that others wrote. First what is to be asked is put into
 * it; then it is locked: from there on it opens no file outside of its own folder, reaches no
 * network, loads no extension, and no setting of it can be changed. For one thread; the running
 * statement may be cancelled by another.
 */
public final class LockedDuckDb implements AutoCloseable {
    /**
     * What it may take.
     *
     * @param memoryBytes outside of the heap
     * @param spillBytes on local disk, for what does not fit the memory
     */
    public record Limits(long memoryBytes, long spillBytes) {
        public Limits {
            if (memoryBytes < 1 || spillBytes < 1) {
                throw new IllegalArgumentException(memoryBytes + ", " + spillBytes);
            }
        }
    }

    /** How rows of an answer come. */
    public enum Rows {
        /**
         * As they are fetched. What breaks off meanwhile is not told: the same as a whole tells it.
         */
        AS_FETCHED,
        /** When all are there. */
        AS_A_WHOLE
    }

    private final Connection session;

    private LockedDuckDb(Connection session) {
        this.session = session;
    }

    /**
     * Opens one that is empty, and not locked yet.
     *
     * @param folder of its own, on local disk; the only place where it may read files
     * @param timeZone by which it tells days of an instant, a name of the IANA's
     */
    public static LockedDuckDb open(Path folder, Limits limits, String timeZone, Rows rows)
            throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", Boolean.toString(rows == Rows.AS_FETCHED));
        Connection session = DriverManager.getConnection("jdbc:duckdb:", settings);
        LockedDuckDb opened = new LockedDuckDb(session);
        try {
            opened.limit(folder, limits, timeZone);
            return opened;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** Loads DuckDB's native code, which takes a while; by another thread than will need it. */
    public static void loadAhead() {
        Thread.ofPlatform()
                .daemon()
                .name("duckdb-ahead")
                .start(
                        () -> {
                            try {
                                DriverManager.getConnection("jdbc:duckdb:").close();
                            } catch (SQLException e) {
                                // Whoever needs it is told.
                            }
                        });
    }

    private void limit(Path folder, Limits limits, String timeZone) throws SQLException {
        run("SET autoinstall_known_extensions = false");
        run("SET autoload_known_extensions = false");
        run("SET allow_community_extensions = false");
        run("SET memory_limit = '%d B'".formatted(limits.memoryBytes()));
        run("SET max_temp_directory_size = '%d B'".formatted(limits.spillBytes()));
        run("SET temp_directory = " + LimitedDuckDb.text(folder.resolve("duckdb").toString()));
        run("SET allowed_directories = [" + LimitedDuckDb.text(folder.toString()) + "]");
        run("SET TimeZone = " + LimitedDuckDb.text(timeZone));
    }

    /** Executes a statement of ours. */
    public void run(String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }

    /** From here on it is as described. */
    public void lock() throws SQLException {
        run("SET enable_external_access = false");
        run("SET lock_configuration = true");
    }

    /** For the question itself. */
    public Connection session() {
        return session;
    }

    @Override
    public void close() throws IOException {
        try {
            session.close();
        } catch (SQLException e) {
            throw LimitedDuckDb.failed(e);
        }
    }
}
