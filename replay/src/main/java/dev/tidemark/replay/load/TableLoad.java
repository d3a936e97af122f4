package dev.tidemark.replay.load;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Copies one table's rows into the target. The thread that calls it reads them and makes their
 * lines; each session has another thread that adds up and sends what is ready. For one thread; used
 * once.
 */
final class TableLoad implements RowSink, AutoCloseable {
    /** What the rows were, once they are committed, together with a note of it. */
    record Loaded(RowsChecksum checksum, long bytes) {
        Loaded plus(Loaded more) {
            return new Loaded(checksum.plus(more.checksum), bytes + more.bytes);
        }
    }

    /** Large enough that a system call a piece costs nothing, small enough for the cache. */
    private static final int FLUSH_BYTES = 64 * 1024;

    /** What one session gets before it is another's turn: rows stay nearly in their order. */
    private static final int TURN_BYTES = 1024 * 1024;

    private final CopyText text = new CopyText(full -> handOver());
    private final List<CopySender> senders;
    private int turn;
    private int turnBytes;

    private TableLoad(List<CopySender> senders) {
        this.senders = senders;
    }

    /**
     * Loads all of a table in one transaction, or, in several sessions, in one of each: it is
     * emptied before, and noted when all are committed.
     *
     * @param more sessions beside the first
     * @param rowsSent hears how many rows were sent since it heard last, from several threads
     */
    static Loaded run(
            Connection connection, List<Connection> more, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        Table table = source.table();
        connection.setAutoCommit(false);
        empty(connection, table);
        if (!more.isEmpty()) {
            connection.commit(); // the others wait for the table
        }
        Loaded loaded = within(connection, more, source, command(table, more), rowsSent);
        if (table.extension().isPresent()) {
            catchUpSequences(connection, table);
        }
        Finished.note(connection, table, loaded);
        connection.commit();
        connection.setAutoCommit(true);
        return loaded;
    }

    private static void empty(Connection connection, Table table) throws SQLException {
        Sessions.execute(
                connection,
                table.extension().isEmpty()
                        ? "TRUNCATE ONLY " + name(table)
                        // Its foreign keys and triggers are there already.
                        : "SET LOCAL session_replication_role = replica; DELETE FROM ONLY "
                                + name(table));
    }

    /** Loads it within a transaction that goes on, into a table that the transaction made. */
    static Loaded within(Connection connection, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        return within(connection, List.of(), source, command(source.table(), List.of()), rowsSent);
    }

    /** Loads it within a transaction that goes on, beside rows that may be there. */
    static Loaded beside(Connection connection, TableRows source, LongConsumer rowsSent)
            throws SQLException, IOException {
        return within(connection, List.of(), source, copy(source.table()), rowsSent);
    }

    private static Loaded within(
            Connection connection,
            List<Connection> more,
            TableRows source,
            String command,
            LongConsumer rowsSent)
            throws SQLException, IOException {
        List<CopySender> senders = new ArrayList<>();
        try (TableLoad load = new TableLoad(senders)) {
            senders.add(CopySender.begin(connection, command, rowsSent));
            for (Connection other : more) {
                other.setAutoCommit(false);
                senders.add(CopySender.begin(other, command, rowsSent));
            }
            source.rows(load);
            load.handOver();
            Loaded loaded = senders.getFirst().finish();
            for (int i = 0; i < more.size(); i++) {
                loaded = loaded.plus(senders.get(i + 1).finish());
                more.get(i).commit();
                more.get(i).setAutoCommit(true);
            }
            return loaded;
        }
    }

    /**
     * Moves sequences of columns to the greatest values of a table, where they are behind:
     * extensions' sequences come as their scripts make them, at their start. They may belong to a
     * table above it, which has its columns.
     */
    static void catchUpSequences(Connection connection, Table table) throws SQLException {
        for (Column column : table.stored()) {
            if (OwnedSequences.INTEGERS.contains(column.type())) {
                String text =
                        """
                        WITH RECURSIVE above(id) AS (
                          SELECT %s::regclass::oid
                          UNION SELECT i.inhparent FROM above JOIN pg_inherits i ON i.inhrelid = above.id)
                        SELECT setval(p.seqrelid::regclass, x.greatest)
                          FROM above
                          JOIN pg_attribute a ON a.attrelid = above.id AND a.attname = %s AND NOT a.attisdropped
                          JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = above.id
                           AND d.refobjsubid = a.attnum AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
                          JOIN pg_sequence p ON p.seqrelid = d.objid
                         CROSS JOIN (SELECT max(%s)::bigint AS greatest FROM ONLY %s) x
                         WHERE p.seqincrement > 0 AND x.greatest BETWEEN p.seqstart AND p.seqmax
                           AND x.greatest > coalesce(pg_sequence_last_value(p.seqrelid), p.seqstart - 1)
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

    /**
     * Rows that come into a table which the same transaction emptied may be written as frozen: no
     * later reader has to look up whether their transaction was committed.
     */
    private static String command(Table table, List<Connection> more) {
        boolean isAlone = table.extension().isEmpty() && more.isEmpty();
        return copy(table) + (isAlone ? " WITH (FREEZE)" : "");
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
            if (turnBytes >= TURN_BYTES) {
                turn = (turn + 1) % senders.size();
                turnBytes = 0;
            }
        }
    }

    /** Perhaps in the midst of a row, when that does not fit into the buffer. */
    private void handOver() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while loading");
        }
        senders.get(turn).add(Arrays.copyOf(text.bytes(), text.length()));
        turnBytes += text.length();
        text.clear();
    }

    /** Returns when nothing is sent any more. */
    @Override
    public void close() {
        senders.forEach(CopySender::close);
    }
}
