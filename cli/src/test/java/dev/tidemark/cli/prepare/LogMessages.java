package dev.tidemark.cli.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.database.Database;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads the messages in a source's log from when it was made, with a slot of its own. */
final class LogMessages implements AutoCloseable {
    /** One as it stands in the log; {@code text} is signature and content. */
    record Message(long xid, String prefix, String text) {
        String content() {
            return text.substring(text.indexOf(' ') + 1);
        }

        String signature() {
            return text.substring(0, text.indexOf(' '));
        }
    }

    private final Database source;
    private final String slot;
    private final String publication;

    LogMessages(Database source, String publication) throws SQLException {
        this.source = source;
        this.slot = "messages_" + source.url().database();
        this.publication = publication;
        Sources.execute(
                source, "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    }

    /** Those since the last call. */
    List<Message> next() throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (Connection connection = source.connect();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                """
                                SELECT xid::text::bigint, data FROM pg_logical_slot_get_binary_changes('%s', NULL, NULL,
                                    'proto_version', '1', 'publication_names', '%s', 'messages', 'on')
                                 WHERE get_byte(data, 0) = ascii('M')"""
                                        .formatted(slot, publication))) {
            while (rows.next()) {
                messages.add(message(rows.getLong(1), ByteBuffer.wrap(rows.getBytes(2))));
            }
        }
        return messages;
    }

    private static Message message(long xid, ByteBuffer data) {
        data.position(10); // M, flags, LSN
        StringBuilder prefix = new StringBuilder();
        for (byte letter = data.get(); letter != 0; letter = data.get()) {
            prefix.append((char) letter);
        }
        byte[] content = new byte[data.getInt()];
        data.get(content);
        return new Message(xid, prefix.toString(), new String(content, UTF_8));
    }

    /** Does the source say that it made a message, in a transaction? */
    static boolean isSigned(Database capture, String kind, long xid, LogMessages.Message message)
            throws SQLException {
        return Sources.ask(
                        capture,
                        "SELECT tidemark.is_signed('%s', %d, '%s', '%s')"
                                .formatted(kind, xid, message.content(), message.signature()))
                .equals(List.of("t"));
    }

    @Override
    public void close() throws SQLException {
        Sources.execute(source, "SELECT pg_drop_replication_slot('" + slot + "')");
    }
}
