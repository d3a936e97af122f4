package dev.tidemark.replay.duckdb;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * An embedded DuckDB with one file. It has little memory, works in the given folder for what does
 * not fit, opens no other files, and loads no extensions. Its failures are {@link IOException}s:
 * what fails is a disk. For one thread.
 */
public final class LimitedDuckDb implements AutoCloseable {
    /** What the attached file is called in statements. */
    public static final String FILE = "tidemark_file";

    private static final String MEMORY = "512MiB"; // outside of the heap
    private static final int THREADS = 2; // each takes memory of its own for what it writes

    private final Connection session;
    private final Statement statement;

    private LimitedDuckDb(Connection session, Statement statement) {
        this.session = session;
        this.statement = statement;
    }

    /** A new file. */
    public static LimitedDuckDb create(Path file, Path temporary) throws IOException {
        return open(file, temporary, "");
    }

    /** A file that is there, and stays as it is. */
    public static LimitedDuckDb read(Path file, Path temporary) throws IOException {
        return open(file, temporary, " (READ_ONLY)");
    }

    private static LimitedDuckDb open(Path file, Path temporary, String how) throws IOException {
        try {
            Connection session = DriverManager.getConnection("jdbc:duckdb:");
            try {
                LimitedDuckDb opened = new LimitedDuckDb(session, session.createStatement());
                opened.limit(temporary);
                opened.run("ATTACH %s AS %s%s".formatted(text(file.toString()), FILE, how));
                opened.run("SET enable_external_access = false");
                opened.run("SET lock_configuration = true");
                return opened;
            } catch (IOException e) {
                session.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void limit(Path temporary) throws IOException {
        run("SET autoinstall_known_extensions = false");
        run("SET autoload_known_extensions = false");
        run("SET memory_limit = '%s'".formatted(MEMORY));
        run("SET threads = %d".formatted(THREADS));
        run("SET temp_directory = %s".formatted(text(temporary.resolve("duckdb").toString())));
        run("SET allowed_directories = [%s]".formatted(text(temporary.toString())));
        run("SET preserve_insertion_order = false"); // which would take memory
    }

    /** Executes a statement; after one that failed others can follow. */
    public void run(String sql) throws IOException {
        try (Statement own = session.createStatement()) { // one that fails is closed
            own.execute(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Executes one that counts rows; how many. */
    public long update(String sql) throws IOException {
        try {
            return statement.executeLargeUpdate(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The fields of a query's first row, as texts; {@code "null"} for NULL. */
    public List<String> row(String query) throws IOException {
        try (ResultSet row = statement.executeQuery(query)) {
            row.next();
            String[] fields = new String[row.getMetaData().getColumnCount()];
            for (int i = 0; i < fields.length; i++) {
                fields[i] = String.valueOf(row.getString(i + 1));
            }
            return List.of(fields);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** The session itself, for what is streamed. */
    public Connection session() {
        return session;
    }

    /** A name in SQL. */
    public static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text in SQL. */
    public static String text(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** As the failure of a disk. */
    public static IOException failed(SQLException e) {
        return new IOException("DuckDB: " + String.valueOf(e.getMessage()).strip(), e);
    }

    @Override
    public void close() throws IOException {
        try {
            statement.close();
            session.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }
}
