package dev.tidemark.capture.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells which row it is that is too large, from its message of pgoutput or only the beginning of
 * it: what is too large for the heap cannot be read to its end.
 */
final class LargeRow {
    private static final int KEY_COLUMNS_MAX = 3; // a row without a key has all of them for one
    private static final int KEY_BYTES_MAX = 100;

    private final ByteBuffer message;
    private final Entry.@Nullable Relation relation;
    private final List<String> key = new ArrayList<>();
    private String column = "";
    private long columnBytes = -1;

    private LargeRow(ByteBuffer message, Entry.@Nullable Relation relation) {
        this.message = message;
        this.relation = relation;
    }

    /**
     * The error that says so.
     *
     * @param start of the message
     * @param relations what the stream said of tables, by their numbers; null of one it did not
     *     name
     * @param size of the whole message
     */
    static TidemarkException refusal(
            ByteBuffer start,
            LongFunction<Entry.@Nullable Relation> relations,
            long size,
            long bytesMax) {
        ByteBuffer message = start.slice();
        String what = "a message in the source's log has %d bytes".formatted(size);
        char type = message.remaining() < 6 ? '?' : (char) message.get();
        if (type == 'I' || type == 'U' || type == 'D') {
            Entry.Relation relation = relations.apply(Integer.toUnsignedLong(message.getInt()));
            LargeRow row = new LargeRow(message, relation);
            row.readTuples();
            what = row.name(size);
        }
        return TidemarkException.refused(
                "%s, and capture.row-max-bytes allows %d".formatted(what, bytesMax),
                "Nothing is lost: the source keeps what comes from here on in its log. Raise capture.row-max-bytes, and"
                        + " TIDEMARK_HEAP to twice that; capture goes on with this row.");
    }

    /** The row before, if it is there, and the row after. */
    private void readTuples() {
        while (message.hasRemaining()) {
            message.get(); // which of the two
            key.clear();
            if (!readTuple()) {
                return;
            }
        }
    }

    /** Returns false when the message is cut off within it. */
    private boolean readTuple() {
        if (message.remaining() < Short.BYTES) {
            return false;
        }
        int fields = message.getShort();
        for (int i = 0; i < fields; i++) {
            if (!message.hasRemaining() || (message.get() == 't' && !readText(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean readText(int field) {
        if (message.remaining() < Integer.BYTES) {
            return false;
        }
        int length = message.getInt();
        Entry.RelationColumn said = relation == null ? null : relation.columns().get(field);
        if (length > columnBytes) {
            column = said == null ? "number " + (field + 1) : said.name();
            columnBytes = length;
        }
        if (message.remaining() < length) {
            return false;
        }
        if (said != null && said.key() && length <= KEY_BYTES_MAX && key.size() < KEY_COLUMNS_MAX) {
            byte[] text = new byte[length];
            message.get(message.position(), text);
            key.add(said.name() + "=" + new String(text, UTF_8));
        }
        message.position(message.position() + length);
        return true;
    }

    private String name(long size) {
        String table =
                relation == null
                        ? "an unknown table"
                        : "table " + relation.schema() + "." + relation.name();
        return "the row %s of %s has %d bytes, %d of them in column %s"
                .formatted(
                        key.isEmpty() ? "with a key that is not known" : String.join(", ", key),
                        table,
                        size,
                        columnBytes,
                        column);
    }
}
