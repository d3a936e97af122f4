package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;

/**
 * Texts of a page in Parquet's plain encoding: each after its length in four bytes, the lowest
 * first. A large one stays where it is until the page is written. For one thread.
 */
final class PlainTexts {
    private static final int BYTES_START = 64;

    private byte[] small = new byte[BYTES_START];
    private int begin; // of what comes after the last large text
    private int end;
    private final List<BytesInput> before = new ArrayList<>();
    private long bytesBefore;

    void add(byte[] text) {
        if (text.length >= Value.LARGE_BYTES) {
            add(ByteBuffer.wrap(text));
            return;
        }
        makeRoom(Integer.BYTES + text.length);
        putLength(text.length);
        System.arraycopy(text, 0, small, end, text.length);
        end += text.length;
    }

    /** A large one. */
    void add(ByteBuffer text) {
        makeRoom(Integer.BYTES);
        putLength(text.remaining());
        before.add(BytesInput.from(small, begin, end - begin));
        before.add(BytesInput.from(text));
        bytesBefore += end - begin + (long) text.remaining();
        begin = end;
    }

    private void putLength(int length) {
        ByteBuffer.wrap(small, end, Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length);
        end += Integer.BYTES;
    }

    /** What was given away as a part of the old array stays as it is. */
    private void makeRoom(int bytes) {
        if (small.length - end < bytes) {
            small = Arrays.copyOf(small, Math.max(2 * small.length, end + bytes));
        }
    }

    /** How many bytes the page has so far. */
    long size() {
        return bytesBefore + end - begin;
    }

    /** Good until the next call of another method. */
    BytesInput bytes() {
        BytesInput rest = BytesInput.from(small, begin, end - begin);
        if (before.isEmpty()) {
            return rest;
        }
        List<BytesInput> all = new ArrayList<>(before);
        all.add(rest);
        return BytesInput.concat(all);
    }

    /** The next page begins. */
    void reset() {
        begin = 0;
        end = 0;
        before.clear();
        bytesBefore = 0;
    }
}
