package dev.tidemark.capture.source;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a stream is dead though its connection stands. A network that loses packets closes
 * nothing, and TCP itself gives up after a quarter of an hour, if ever.
 *
 * <p>The source is told every second to answer ({@link PgOutputStream#startKeepAlive}). When it
 * does not, it may be deep in one large transaction of which the stream has nothing; so it is asked
 * over another connection what its process does. For the stream's thread.
 */
final class StreamSilence {
    private static final Logger log = LoggerFactory.getLogger(StreamSilence.class);

    /** Twenty answers that did not come; half a minute later the source is known to be gone. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(20);

    /** The driver looks at an encrypted connection once a second. */
    private static final Duration READING_MIN = Duration.ofSeconds(2);

    /**
     * Does the process wait for its client? One that is at work waits for nothing, or for a disk or
     * a lock.
     */
    private static final String SQL =
            "SELECT a.wait_event_type IN ('Client', 'Activity') FROM pg_replication_slots s"
                    + " JOIN pg_stat_activity a ON a.pid = s.active_pid WHERE a.pid = ?";

    private final Database source;
    private final int pid;
    private final LimitedSocket socket;
    private Optional<Long> suspectedAt = Optional.empty(); // System.nanoTime

    /**
     * @param pid the source's process
     */
    StreamSilence(Database source, int pid, LimitedSocket socket) {
        this.source = source;
        this.pid = pid;
        this.socket = socket;
    }

    /**
     * To be called when nothing was there to read.
     *
     * @throws TidemarkException when nothing will come; the connection is closed then, so that
     *     nobody waits for it
     */
    void check() throws SQLException {
        if (socket.silence().compareTo(SILENCE_MAX) < 0) {
            suspectedAt = Optional.empty();
            return;
        }
        // What came while this thread was elsewhere, waiting for Kafka, is read first.
        long since = suspectedAt.orElseGet(System::nanoTime);
        suspectedAt = Optional.of(since);
        if (System.nanoTime() - since > READING_MIN.toNanos()) {
            ask();
            suspectedAt =
                    Optional.of(System.nanoTime() + SILENCE_MAX.toNanos()); // again after that
        }
    }

    private void ask() throws SQLException {
        boolean isAtWork = false;
        try {
            isAtWork = isAtWork();
        } finally {
            if (!isAtWork) {
                close();
            }
        }
        if (!isAtWork) {
            throw TidemarkException.failed(
                    "the stream from the source is dead: no answer for %d s, and nobody closed it"
                            .formatted(socket.silence().toSeconds()),
                    "The network between them may have been cut, or have forgotten the connection. Capture makes another one.");
        }
        log.info(
                "the source is at work in a transaction, and was silent for {} s",
                socket.silence().toSeconds());
    }

    private boolean isAtWork() throws SQLException {
        try (Connection connection = source.connectForQuestions();
                PreparedStatement query = connection.prepareStatement(SQL)) {
            query.setInt(1, pid);
            try (ResultSet row = query.executeQuery()) {
                return row.next() && !row.getBoolean(1);
            }
        }
    }

    private void close() {
        try {
            socket.close();
        } catch (IOException e) {
            log.debug("the connection was broken already", e);
        }
    }
}
