package dev.tidemark.archive.merge;

import java.util.Arrays;

/** The key of a row as bytes that are in the order of lines, one by one and without sign. */
public final class LineKey implements Comparable<LineKey> {
    /** Before all others. */
    public static final LineKey FIRST = new LineKey(new byte[0]);

    private final byte[] bytes;

    /** Of the bytes of another one, which are never changed. */
    public LineKey(byte[] bytes) {
        this.bytes = bytes;
    }

    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int compareTo(LineKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LineKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Its fields, to be shown. */
    @Override
    public String toString() {
        return SortKey.fields(bytes).toString();
    }
}
