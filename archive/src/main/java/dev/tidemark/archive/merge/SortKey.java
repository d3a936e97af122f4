package dev.tidemark.archive.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes that are in order (without sign, one by one) as what they are made of is: first by the
 * first part, then by the second. Keys of one sort have parts of the same kinds.
 */
final class SortKey {
    private static final int END = 0;
    private static final int ESCAPED = 0xFF;
    private static final int NUMBER = 1;
    private static final int TEXT = 2;

    private static final int BYTES_START = 32;

    private byte[] bytes = new byte[BYTES_START];
    private int size;

    /** Not negative. */
    SortKey add(long number) {
        makeRoom(Long.BYTES);
        ByteBuffer.wrap(bytes).putLong(size, number);
        size += Long.BYTES;
        return this;
    }

    SortKey add(byte[] part) {
        makeRoom(2L * part.length + 2);
        for (byte one : part) {
            put(one);
            if (one == END) {
                put(ESCAPED);
            }
        }
        put(END);
        put(END);
        return this;
    }

    private void put(int one) {
        bytes[size++] = (byte) one;
    }

    private void makeRoom(long more) {
        if (bytes.length - size < more) {
            int needed = Math.toIntExact(size + more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, 2L * needed));
        }
    }

    /** A field of a key: numbers by their size and before texts, these by their bytes. */
    SortKey add(Value field, boolean isNumber) {
        byte[] text = utf8(field);
        if (isNumber) {
            try {
                long number = Long.parseLong(field.toString());
                makeRoom(1);
                put(NUMBER);
                return add(number ^ Long.MIN_VALUE);
            } catch (NumberFormatException e) {
                // As a text, then.
            }
        }
        makeRoom(1);
        put(TEXT);
        return add(text);
    }

    private static byte[] utf8(Value field) {
        return switch (field) {
            case Value.Text text -> text.utf8();
            case Value.Large large -> {
                byte[] copy = new byte[large.utf8().remaining()];
                large.utf8().get(copy);
                yield copy;
            }
            case Value.Mark mark -> new byte[0]; // NULL, in a key that allows it
        };
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** The fields that bytes were made of, as texts. */
    static List<String> fields(byte[] bytes) {
        List<String> fields = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            boolean isNumber = rest.get() == NUMBER;
            fields.add(isNumber ? Long.toString(rest.getLong() ^ Long.MIN_VALUE) : text(rest));
        }
        return fields;
    }

    private static String text(ByteBuffer rest) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (byte one = rest.get(); ; one = rest.get()) {
            if (one == END && rest.get() == END) {
                return text.toString(UTF_8);
            }
            text.write(one);
        }
    }
}
