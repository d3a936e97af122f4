package dev.tidemark.archive.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;

/**
 * Which fields of a page of an optional column are there: its definition levels, one run of all.
 * For one thread.
 */
final class Levels {
    private final BitSet nulls = new BitSet();
    private int rows;
    private int nullRows;

    void addText() {
        rows++;
    }

    void addNull() {
        nulls.set(rows++);
        nullRows++;
    }

    int rows() {
        return rows;
    }

    int nulls() {
        return nullRows;
    }

    /** In Parquet's hybrid of run lengths and packed bits, after its length in four bytes. */
    BytesInput bytes() throws IOException {
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        if (nullRows == 0 || nullRows == rows) {
            BytesUtils.writeUnsignedVarInt(rows << 1, run);
            run.write(nullRows == 0 ? 1 : 0);
        } else {
            int bytes = Math.ceilDiv(rows, Byte.SIZE); // of eight levels each
            BytesUtils.writeUnsignedVarInt(bytes << 1 | 1, run);
            nulls.flip(0, rows);
            run.writeBytes(Arrays.copyOf(nulls.toByteArray(), bytes));
        }
        ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return BytesInput.concat(
                BytesInput.from(length.putInt(run.size()).flip()), BytesInput.from(run));
    }

    /** The next page begins. */
    void reset() {
        nulls.clear();
        rows = 0;
        nullRows = 0;
    }
}
