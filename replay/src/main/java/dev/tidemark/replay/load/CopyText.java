package dev.tidemark.replay.load;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Rows in the text format of PostgreSQL's COPY, byte for byte as {@code COPY … TO STDOUT} writes
 * them, in a buffer that is used again and again. For one thread.
 *
 * <p>Source of the format: <a
 * href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>, "Text Format". In UTF-8 no
 * byte of a longer character is below 128, so bytes can be looked at one by one.
 */
public final class CopyText {
    /** Takes what is in the buffer when it is full, perhaps in the middle of a row. */
    public interface Drain {
        /** Afterwards the buffer is empty. */
        void take(CopyText text) throws IOException;
    }

    private static final int BUFFER_BYTES = 128 * 1024; // twice what is sent at once
    private static final int PART_BYTES = 32 * 1024; // of a field; escaped it may be twice as long
    private static final byte[] ESCAPED = escaped();

    private final byte[] bytes = new byte[BUFFER_BYTES];
    private final Drain drain;
    private int length;

    public CopyText(Drain drain) {
        this.drain = drain;
    }

    /** The letter after the backslash for each byte that needs one, else 0. */
    private static byte[] escaped() {
        byte[] letters = new byte[128];
        letters['\\'] = '\\';
        letters['\b'] = 'b';
        letters['\f'] = 'f';
        letters['\n'] = 'n';
        letters['\r'] = 'r';
        letters['\t'] = 't';
        letters[0x0B] = 'v';
        return letters;
    }

    /** Adds a row without its newline. */
    public void add(List<Value> row) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                put('\t');
            }
            switch (row.get(i)) {
                case Value.Text text -> addEscaped(text.utf8());
                case Value.Large large -> addEscaped(large.utf8());
                case Value.Mark mark -> addMark(mark, i);
            }
        }
    }

    /** Ends a row. */
    public void endRow() throws IOException {
        put('\n');
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    private void addMark(Value.Mark mark, int field) throws IOException {
        if (mark != Value.Mark.NULL) {
            throw new IllegalArgumentException("field " + (field + 1) + " of a row is " + mark);
        }
        put('\\');
        put('N');
    }

    private void addEscaped(byte[] utf8) throws IOException {
        for (int at = 0; at < utf8.length; at += PART_BYTES) {
            addEscaped(utf8, at, Math.min(utf8.length, at + PART_BYTES));
        }
    }

    private void addEscaped(ByteBuffer utf8) throws IOException {
        byte[] part = new byte[PART_BYTES];
        while (utf8.hasRemaining()) {
            int size = Math.min(utf8.remaining(), PART_BYTES);
            utf8.get(part, 0, size);
            addEscaped(part, 0, size);
        }
    }

    private void addEscaped(byte[] utf8, int from, int end) throws IOException {
        reserve((end - from) * 2);
        int to = length;
        for (int at = from; at < end; at++) {
            byte each = utf8[at];
            byte letter = each < 0 ? 0 : ESCAPED[each];
            if (letter == 0) {
                bytes[to++] = each;
            } else {
                bytes[to++] = '\\';
                bytes[to++] = letter;
            }
        }
        length = to;
    }

    private void put(char ascii) throws IOException {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    private void reserve(int more) throws IOException {
        if (length + more > BUFFER_BYTES) {
            drain.take(this);
        }
    }
}
