package dev.tidemark.archive.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads small numbers in Parquet's hybrid of run lengths and packed bits. For one thread.
 *
 * <p>Of bytes that are no such thing an {@link IndexOutOfBoundsException} comes, sooner or later.
 */
final class HybridRuns {
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int width;
    private int at;
    private int left; // of the run
    private boolean isPacked;
    private int repeated;
    private long bit; // of the next packed number

    /**
     * @param at where they begin
     * @param width of a number, in bits
     */
    HybridRuns(byte[] bytes, int at, int width) {
        if (width < 0 || width > Integer.SIZE) {
            throw new IllegalArgumentException("numbers of " + width + " bits");
        }
        this.bytes = bytes;
        this.at = at;
        this.width = width;
    }

    /** Nothing but packed bits, to the end. */
    static HybridRuns packed(byte[] bytes, int at, int width) {
        HybridRuns all = new HybridRuns(bytes, at, width);
        all.isPacked = true;
        all.left = Integer.MAX_VALUE;
        all.bit = (long) at << 3;
        return all;
    }

    int next() {
        while (left == 0) {
            beginRun();
        }
        left--;
        if (!isPacked) {
            return repeated;
        }
        int first = Math.toIntExact(bit >>> 3);
        int shift = (int) bit & 7;
        bit += width;
        return (int) (bits(first, shift + width) >>> shift & (1L << width) - 1);
    }

    /**
     * Passes over numbers as long as they are the same.
     *
     * @param most not more than these, of which there are as many
     * @return how many
     */
    int passOver(int number, int most) {
        int passed = 0;
        while (passed < most) {
            while (left == 0) {
                beginRun();
            }
            if (isPacked) {
                if (next() != number) {
                    bit -= width;
                    left++;
                    break;
                }
                passed++;
            } else if (repeated == number) {
                int some = Math.min(left, most - passed);
                left -= some;
                passed += some;
            } else {
                break;
            }
        }
        return passed;
    }

    /** Passes over some numbers, of which there are as many. */
    void skip(int count) {
        for (int rest = count; rest > 0; ) {
            while (left == 0) {
                beginRun();
            }
            int some = Math.min(left, rest);
            left -= some;
            rest -= some;
            bit += isPacked ? (long) some * width : 0;
        }
    }

    /**
     * Passes over some numbers, of which there are as many.
     *
     * @return how many of them are one number
     */
    int skipCounting(int number, int count) {
        int found = 0;
        for (int rest = count; rest > 0; ) {
            while (left == 0) {
                beginRun();
            }
            if (isPacked) {
                found += next() == number ? 1 : 0;
                rest--;
            } else {
                int some = Math.min(left, rest);
                left -= some;
                rest -= some;
                found += repeated == number ? some : 0;
            }
        }
        return found;
    }

    /** So many bits, or more. */
    private long bits(int first, int count) {
        if (first + Long.BYTES <= bytes.length) {
            return (long) LONG.get(bytes, first);
        }
        long bits = 0;
        for (int n = 0; n << 3 < count; n++) {
            bits |= (bytes[first + n] & 0xFFL) << (n << 3);
        }
        return bits;
    }

    private void beginRun() {
        int header = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = bytes[at++];
            header |= (part & 0x7F) << shift;
            if (part >= 0) {
                break;
            }
        }
        isPacked = (header & 1) != 0;
        if (isPacked) {
            int groups = header >>> 1;
            left = Math.multiplyExact(groups, Byte.SIZE);
            bit = (long) at << 3;
            at = Math.addExact(at, Math.multiplyExact(groups, width));
        } else {
            left = header >>> 1;
            int size = Math.ceilDiv(width, Byte.SIZE);
            repeated = (int) (bits(at, size << 3) & (1L << width) - 1);
            at += size;
        }
    }
}
