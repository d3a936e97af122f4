package dev.tidemark.replay.load;

import dev.tidemark.archive.fold.Pipe;
import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Copies one table's rows into the target, in one transaction. For one thread, and another one of
 * its own that adds up and sends what the first has made ready; used once.
 */
final class TableLoad implements RowSink, AutoCloseable {
    /** What the rows were, once they are committed, together with a note of it. */
    record Loaded(RowsChecksum checksum, long bytes) {}

    /** Large enough that a system call a piece costs nothing, small enough for the cache. */
    private static final int FLUSH_BYTES = 64 * 1024;

    private final CopyText text = new CopyText(full -> handOver());
    private final Pipe<byte[]> pipe = Pipe.ofBytes(this::send);

    // Of the thread that sends, until it has ended:
    private final CopyIn copy;
    private final LongConsumer rowsSent;
    private final RowsDigest digest = new RowsDigest();
    private long bytes;

    private TableLoad(CopyIn copy, LongConsumer rowsSent) {
        this.copy = copy;
        this.rowsSent = rowsSent;
    }

    /**
     * Loads all of a table.
     *
     * @param rowsSent hears how many rows were sent since it heard last
     */
    static Loaded run(Connection connection, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        Table table = source.table();
        connection.setAutoCommit(false);
        // Rows that come into a table which the same transaction emptied may be written as frozen:
        // no later reader has to look up whether their transaction was committed.
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    table.extension().isEmpty()
                            ? "TRUNCATE ONLY " + name(table)
                            // Its foreign keys and triggers are there already.
                            : "SET LOCAL session_replication_role = replica; DELETE FROM ONLY "
                                    + name(table));
        }
        Loaded loaded = within(connection, source, command(table), rowsSent);
        if (table.extension().isPresent()) {
            catchUpSequences(connection, table);
        }
        Finished.note(connection, table, loaded);
        connection.commit();
        connection.setAutoCommit(true);
        return loaded;
    }

    /** Loads it within a transaction that goes on, into a table that the transaction made. */
    static Loaded within(Connection connection, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        return within(connection, source, command(source.table()), rowsSent);
    }

    /** Loads it within a transaction that goes on, beside rows that may be there. */
    static Loaded beside(Connection connection, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        return within(connection, source, copy(source.table()), rowsSent);
    }

    private static Loaded within(
            Connection connection, TableRows source, String command, LongConsumer rowsSent)
            throws SQLException, IOException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(command);
        try (TableLoad load = new TableLoad(copy, rowsSent)) {
            source.rows(load);
            load.handOver();
            load.pipe.finish();
            copy.endCopy();
            return new Loaded(load.digest.checksum(), load.bytes);
        }
    }

    /**
     * Moves sequences of columns to their greatest values, where they are behind: extensions'
     * sequences come as their scripts make them, at their start.
     */
    static void catchUpSequences(Connection connection, Table table) throws SQLException {
        for (Column column : table.stored()) {
            if (OwnedSequences.INTEGERS.contains(column.type())) {
                String text =
                        """
                        SELECT setval(s.id, s.greatest)
                          FROM (SELECT pg_get_serial_sequence(%s, %s)::regclass AS id,
                                       (SELECT max(%s)::bigint FROM ONLY %s) AS greatest) s
                          JOIN pg_sequence p ON p.seqrelid = s.id
                         WHERE p.seqincrement > 0 AND s.greatest BETWEEN p.seqstart AND p.seqmax
                           AND s.greatest > coalesce(pg_sequence_last_value(s.id), p.seqstart - 1)
                        """
                                .formatted(
                                        Quoted.text(name(table)),
                                        Quoted.text(column.name()),
                                        Quoted.name(column.name()),
                                        name(table));
                Sessions.execute(connection, text);
            }
        }
    }

    private static String command(Table table) {
        return copy(table) + (table.extension().isEmpty() ? " WITH (FREEZE)" : "");
    }

    /** Without a list of columns it means all that are not generated: none has any. */
    private static String copy(Table table) {
        List<Column> columns = table.stored();
        String list =
                columns.isEmpty()
                        ? ""
                        : columns.stream()
                                .map(column -> Quoted.name(column.name()))
                                .collect(Collectors.joining(", ", " (", ")"));
        return "COPY " + name(table) + list + " FROM STDIN";
    }

    private static String name(Table table) {
        return Quoted.name(table.schema(), table.name());
    }

    @Override
    public void row(List<Value> row) throws IOException {
        text.add(row);
        text.endRow();
        if (text.length() >= FLUSH_BYTES) {
            handOver();
        }
    }

    /** Perhaps in the midst of a row, when that does not fit into the buffer. */
    private void handOver() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while loading");
        }
        pipe.add(Arrays.copyOf(text.bytes(), text.length()));
        text.clear();
    }

    private void send(byte[] part) throws IOException {
        long before = digest.rows();
        digest.addLines(part);
        try {
            copy.writeToCopy(part, 0, part.length);
        } catch (SQLException e) {
            throw new IOException(e);
        }
        bytes += part.length;
        rowsSent.accept(digest.rows() - before);
    }

    /** Returns when nothing is sent any more. */
    @Override
    public void close() {
        pipe.close();
    }
}
