package dev.tidemark.archive.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Different texts, numbered from 0 as they came. For one thread. */
public final class TextDictionary {
    private static final int ENTRIES_START = 64;
    private static final long GOLDEN = 0x9E3779B97F4A7C15L; // 2 to the 64 by the golden ratio
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[][] texts = new byte[ENTRIES_START][];
    private int[] hashes = new int[ENTRIES_START];

    /** By hash, or the place after it that was free: the number of a text and 1, or 0. */
    private int[] numbers = new int[2 * ENTRIES_START];

    private int size;
    private long bytes;

    /** The number of a text, which it gets if it has none. */
    public int numberOf(byte[] text) {
        int hash = hash(text);
        int place = find(text, hash);
        if (numbers[place] != 0) {
            return numbers[place] - 1;
        }
        if (size == texts.length) {
            grow();
            return numberOf(text);
        }
        texts[size] = text;
        hashes[size] = hash;
        numbers[place] = size + 1;
        bytes += Integer.BYTES + text.length;
        return size++;
    }

    /** The number of a text; −1 if it has none. */
    public int find(byte[] text) {
        return numbers[find(text, hash(text))] - 1;
    }

    /** Where its number is, or would be. */
    private int find(byte[] text, int hash) {
        int place = place(hash);
        while (numbers[place] != 0) {
            int number = numbers[place] - 1;
            if (hashes[number] == hash && Arrays.equals(texts[number], text)) {
                return place;
            }
            place = (place + 1) & (numbers.length - 1);
        }
        return place;
    }

    /** Keys that are numbers differ in a few bits alone: each must count for all of the hash. */
    private static int hash(byte[] text) {
        long hash = text.length;
        int at = 0;
        for (; at + Long.BYTES <= text.length; at += Long.BYTES) {
            hash = mixed(hash ^ (long) LONGS.get(text, at));
        }
        long rest = 0;
        for (; at < text.length; at++) {
            rest = rest << Byte.SIZE | (text[at] & 0xFF);
        }
        return (int) mixed(hash ^ rest);
    }

    private static long mixed(long hash) {
        long product = hash * GOLDEN;
        return product ^ (product >>> Integer.SIZE);
    }

    private int place(int hash) {
        return hash & (numbers.length - 1);
    }

    private void grow() {
        texts = Arrays.copyOf(texts, 2 * size);
        hashes = Arrays.copyOf(hashes, 2 * size);
        numbers = new int[4 * size];
        for (int number = 0; number < size; number++) {
            int place = place(hashes[number]);
            while (numbers[place] != 0) {
                place = (place + 1) & (numbers.length - 1);
            }
            numbers[place] = number + 1;
        }
    }

    /** Forgets all. */
    void clear() {
        texts = new byte[ENTRIES_START][];
        hashes = new int[ENTRIES_START];
        numbers = new int[2 * ENTRIES_START];
        size = 0;
        bytes = 0;
    }

    public byte[] text(int number) {
        return texts[number];
    }

    public int size() {
        return size;
    }

    /** Of all texts, in Parquet's plain encoding. */
    public long bytes() {
        return bytes;
    }
}
