package dev.tidemark.replay.rewind;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.replay.load.CopyText;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.RowsDigest;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Copies rows into a table, in the transaction of the session. For one thread; used once. */
final class RowsInto implements RowSink, AutoCloseable {
    private static final int FLUSH_BYTES = 64 * 1024;

    private final CopyIn copy;
    private final CopyText text = new CopyText(full -> drain());
    private final RowsDigest digest = new RowsDigest();
    private long copied;
    private int rowStart; // in the buffer, of what the digest does not have yet

    private RowsInto(CopyIn copy) {
        this.copy = copy;
    }

    /**
     * Begins.
     *
     * @param table with its columns, as COPY names them
     */
    static RowsInto open(Connection connection, String table) throws SQLException {
        return new RowsInto(
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + table + " FROM STDIN"));
    }

    @Override
    public void row(List<Value> row) throws IOException {
        rowStart = text.length();
        text.add(row);
        digestRow();
        digest.endRow();
        text.endRow();
        if (text.length() >= FLUSH_BYTES) {
            flush();
        }
    }

    private void digestRow() {
        digest.addPart(text.bytes(), rowStart, text.length() - rowStart);
        rowStart = text.length();
    }

    /** A row does not fit into the buffer. */
    private void drain() throws IOException {
        digestRow();
        flush();
    }

    private void flush() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while rows were put in");
        }
        try {
            copy.writeToCopy(text.bytes(), 0, text.length());
        } catch (SQLException e) {
            throw new CopyFailedException(e);
        }
        text.clear();
        rowStart = 0;
    }

    /** The rows that were sent. */
    RowsChecksum finish() throws IOException, SQLException {
        flush();
        copied = copy.endCopy();
        return digest.checksum();
    }

    /** How many rows the server put into the table, when all were sent. */
    long copied() {
        return copied;
    }

    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    /** The server's own failure, on the way through a sink of rows. */
    static final class CopyFailedException extends IOException {
        private static final long serialVersionUID = 1;

        private final SQLException failure;

        CopyFailedException(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }
}
