package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The content digest of a transaction: SHA-256 over its changes in order, in the form that
 * docs/format.md gives, so that somebody else can compute it from the journal. For one thread; one
 * transaction after the other.
 */
public final class ChangeDigest {
    private final MessageDigest sha256 = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);

    public void add(Change change) {
        switch (change.entry()) {
            case Entry.Row row -> {
                addHead(row.operation().name(), row.table(), change.version());
                addText(row.image().name());
                addValues(row.before());
                addValues(row.after());
            }
            case Entry.Truncate truncate ->
                    addHead("TRUNCATE", truncate.tables().getFirst(), change.version());
            case Entry.Schema schema -> addContent("SCHEMA", change, schema.content());
            case Entry.Sequences sequences -> addContent("SEQUENCES", change, sequences.content());
            case Entry.Heartbeat heartbeat ->
                    addContent("HEARTBEAT", change, heartbeat.sent().toString());
            case Entry.Message message ->
                    addContent("MESSAGE", change, message.prefix() + " " + message.content());
            default -> throw new IllegalArgumentException("not a change: " + change.entry());
        }
    }

    /** The digest in hex; the next transaction starts. */
    public String finish() {
        return HexFormat.of().formatHex(sha256.digest());
    }

    private void addContent(String operation, Change change, String content) {
        addHead(operation, 0, change.version());
        addText(content);
    }

    private void addHead(String operation, long table, int version) {
        addText(operation);
        addNumber(table);
        addNumber(version);
    }

    private void addValues(List<Value> values) {
        addNumber(values.size());
        for (int i = 0; i < values.size(); i++) {
            switch (values.get(i)) {
                case Value.Text text -> {
                    addNumber(text.utf8().length);
                    sha256.update(text.utf8());
                }
                case Value.Large large -> {
                    addNumber(large.utf8().remaining());
                    sha256.update(large.utf8());
                }
                case Value.Mark mark ->
                        addNumber(
                                switch (mark) {
                                    case NULL -> -1;
                                    case UNCHANGED -> -2;
                                    case UNKNOWN -> -3;
                                    case PIECES ->
                                            throw new IllegalArgumentException(
                                                    "a text in pieces was not put together");
                                });
            }
        }
    }

    private void addText(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        addNumber(utf8.length);
        sha256.update(utf8);
    }

    private void addNumber(long value) {
        number.clear();
        number.putLong(value).flip();
        sha256.update(number);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
