package dev.tidemark.replay.load;

import dev.tidemark.archive.fold.Pipe;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * One COPY into the target, with a thread of its own that adds lines up and sends them. For one
 * other thread; used once.
 */
final class CopySender implements AutoCloseable {
    private final Pipe<byte[]> pipe = Pipe.ofBytes(this::send);

    // Of the thread that sends, until it has ended:
    private final CopyIn copy;
    private final LongConsumer rowsSent;
    private final RowsDigest digest = new RowsDigest();
    private long bytes;

    private CopySender(CopyIn copy, LongConsumer rowsSent) {
        this.copy = copy;
        this.rowsSent = rowsSent;
    }

    /**
     * Begins it within a transaction.
     *
     * @param rowsSent hears how many rows were sent since it heard last
     */
    static CopySender begin(Connection connection, String command, LongConsumer rowsSent)
            throws SQLException {
        return new CopySender(
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(command), rowsSent);
    }

    /** Gives it the next lines, perhaps to the midst of one. */
    void add(byte[] part) throws IOException {
        pipe.add(part);
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

    /** What was sent, all of which the server then has. */
    TableLoad.Loaded finish() throws IOException, SQLException {
        pipe.finish();
        copy.endCopy();
        return new TableLoad.Loaded(digest.checksum(), bytes);
    }

    /** Returns when nothing is sent any more. */
    @Override
    public void close() {
        pipe.close();
    }
}
