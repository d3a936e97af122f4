package dev.tidemark.capture.source;

import dev.tidemark.schemas.change.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Tidemark's own messages from forged ones: any role may write a message into the source's
 * log, so each of ours is signed with a secret that only the owner of the schema {@code tidemark}
 * can read, and checked there by a function.
 *
 * <p>The form of a message is {@code <signature in hex> <content>}; the signature covers kind,
 * transaction and content, so that a copy of a true message in another transaction is a forgery
 * too. For one thread.
 */
final class MessageCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MessageCheck.class);
    private static final String PREFIX = "tidemark.";
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");

    private final Connection connection;
    private final Runnable onDirty;

    /**
     * @param onDirty called when the source says that it could not tell of a schema change
     */
    MessageCheck(Connection connection, Runnable onDirty) {
        this.connection = connection;
        this.onDirty = onDirty;
    }

    /** What a message says; nothing when it is not ours. */
    List<Entry> read(long xid, String prefix, String message) throws SQLException {
        if (!prefix.startsWith(PREFIX)) {
            return List.of();
        }
        String kind = prefix.substring(PREFIX.length());
        int space = message.indexOf(' ');
        if (space < 0
                || !SIGNATURE.matcher(message.substring(0, space)).matches()
                || (prefix + message).indexOf('\0') >= 0 // the check itself would fail on it
                || !isSigned(
                        kind, xid, message.substring(space + 1), message.substring(0, space))) {
            log.error(
                    "ignored a message '{}' in transaction {} that Tidemark did not sign: somebody forges messages",
                    prefix,
                    xid);
            return List.of();
        }
        String content = message.substring(space + 1);
        return kind.equals("image") ? TableImage.entries(content) : List.of(entry(kind, content));
    }

    private Entry entry(String kind, String content) {
        return switch (kind) {
            case "schema" -> new Entry.Schema(content);
            case "sequences" -> new Entry.Sequences(content);
            case "heartbeat" -> new Entry.Heartbeat(Instant.parse(content));
            case "dirty", "publication" -> {
                log.error(
                        "the source tells of a change that can make the archive inexact ({}): {}; run 'tidemark check'",
                        kind,
                        content);
                if (kind.equals("dirty")) {
                    onDirty.run();
                }
                yield new Entry.Message(kind, content);
            }
            default -> new Entry.Message(kind, content);
        };
    }

    private boolean isSigned(String kind, long xid, String content, String signature)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT tidemark.is_signed(?, ?, ?, ?)")) {
            query.setString(1, kind);
            query.setLong(2, xid);
            query.setString(3, content);
            query.setString(4, signature);
            try (ResultSet answer = query.executeQuery()) {
                answer.next();
                return answer.getBoolean(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
