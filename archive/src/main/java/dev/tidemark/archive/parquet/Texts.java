package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.parquet.io.api.Binary;

/** Texts as Parquet's writers want them, without a copy. */
final class Texts {
    private Texts() {}

    /** A text that was read. Of a page that it is most of, it stays a part. */
    static Value read(Binary text) {
        if (text.length() >= Value.LARGE_BYTES) {
            ByteBuffer page = text.toByteBuffer();
            if (page.capacity() / 2 <= text.length()) {
                return new Value.Large(page);
            }
        }
        return new Value.Text(text.getBytes());
    }

    /** The next text of a page in the plain encoding. */
    static Value next(ByteBuffer page) {
        int length = page.getInt();
        if (length >= Value.LARGE_BYTES && page.capacity() / 2 <= length) {
            ByteBuffer text = page.slice(page.position(), length);
            page.position(page.position() + length);
            return new Value.Large(text);
        }
        byte[] text = new byte[length];
        page.get(text);
        return new Value.Text(text);
    }

    /** Passes the next text of such a page over. */
    static void skip(ByteBuffer page) {
        int length = page.getInt();
        page.position(page.position() + length);
    }

    /** The text that a value is; a mark is none. */
    static Binary binary(Value value) {
        return switch (value) {
            case Value.Text text -> Binary.fromConstantByteArray(text.utf8());
            case Value.Large large -> Binary.fromConstantByteBuffer(large.utf8());
            case Value.Mark mark -> throw new IllegalArgumentException("no text: " + mark);
        };
    }

    /** The same, to be read once. */
    static ByteBuffer bytes(Value value) {
        return switch (value) {
            case Value.Text text -> ByteBuffer.wrap(text.utf8());
            case Value.Large large -> large.utf8();
            case Value.Mark mark -> throw new IllegalArgumentException("no text: " + mark);
        };
    }

    /**
     * A text of ASCII letters alone; empty when it is longer than that. Any other letter becomes
     * one that nothing of ours is written with.
     */
    static Optional<String> brief(Value value, int bytesMax) {
        return value instanceof Value.Text text && text.utf8().length <= bytesMax
                ? Optional.of(new String(text.utf8(), US_ASCII))
                : Optional.empty();
    }
}
