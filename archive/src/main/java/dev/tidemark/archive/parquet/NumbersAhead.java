package dev.tidemark.archive.parquet;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/**
 * A column of small numbers in a row group that was read ahead, to say by it which rows are wanted.
 * For one thread.
 */
final class NumbersAhead implements Numbers {
    private final int[] numbers;
    private int at;

    NumbersAhead(Numbers column, int rows) {
        numbers = new int[rows];
        Arrays.setAll(numbers, row -> Math.toIntExact(column.next()));
    }

    /** The rows of which something is so. */
    BitSet where(IntPredicate isSo) {
        BitSet rows = new BitSet(numbers.length);
        for (int row = 0; row < numbers.length; row++) {
            if (isSo.test(numbers[row])) {
                rows.set(row);
            }
        }
        return rows;
    }

    @Override
    public long next() {
        return numbers[at++];
    }

    @Override
    public void skip(long rows) {
        at += Math.toIntExact(rows);
    }
}
