package dev.tidemark.replay.load;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;

/**
 * Rows in the text format of PostgreSQL's COPY, byte for byte as {@code COPY … TO STDOUT} writes
 * them, in a buffer that is used again and again. For one thread.
 *
 * <p>Source of the format: <a
 * href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>, "Text Format". In UTF-8 no
 * byte of a longer character is below 128, so bytes can be looked at one by one.
 */
final class CopyText {
    /** A buffer that one large row made larger than this is not kept. */
    private static final int KEPT_BYTES_MAX = 1024 * 1024;

    private static final int START_BYTES = 128 * 1024; // twice what is sent at once: rarely grows
    private static final byte[] ESCAPED = escaped();

    private byte[] bytes = new byte[START_BYTES];
    private int length;

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
    void add(List<Value> row) {
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                put('\t');
            }
            switch (row.get(i)) {
                case Value.Text text -> addEscaped(text.utf8());
                case Value.Large large -> addEscaped(large.copy());
                case Value.Mark mark -> addMark(mark, i);
            }
        }
    }

    /** Ends a row. */
    void endRow() {
        put('\n');
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES_MAX) {
            bytes = new byte[START_BYTES];
        }
    }

    private void addMark(Value.Mark mark, int field) {
        if (mark != Value.Mark.NULL) {
            throw new IllegalArgumentException("field " + (field + 1) + " of a row is " + mark);
        }
        put('\\');
        put('N');
    }

    private void addEscaped(byte[] utf8) {
        reserve(Math.multiplyExact(utf8.length, 2));
        int to = length;
        for (byte each : utf8) {
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

    private void put(char ascii) {
        reserve(1);
        bytes[length++] = (byte) ascii;
    }

    private void reserve(int more) {
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            int doubled = bytes.length > Integer.MAX_VALUE / 2 ? needed : bytes.length * 2;
            bytes = Arrays.copyOf(bytes, Math.max(needed, doubled));
        }
    }
}
