package dev.tidemark.archive.merge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Not negative. */
    SortKey add(long number) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes.write((int) (number >>> shift));
        }
        return this;
    }

    SortKey add(byte[] part) {
        for (byte one : part) {
            bytes.write(one);
            if (one == END) {
                bytes.write(ESCAPED);
            }
        }
        bytes.write(END);
        bytes.write(END);
        return this;
    }

    /** A field of a key: numbers by their size and before texts, these by their bytes. */
    SortKey add(Value field, boolean isNumber) {
        byte[] text = utf8(field);
        if (isNumber) {
            try {
                long number = Long.parseLong(field.toString());
                bytes.write(NUMBER);
                return add(number ^ Long.MIN_VALUE);
            } catch (NumberFormatException e) {
                // As a text, then.
            }
        }
        bytes.write(TEXT);
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
        return bytes.toByteArray();
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
