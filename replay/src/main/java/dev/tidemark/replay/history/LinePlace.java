package dev.tidemark.replay.history;

import static java.util.Comparator.comparingInt;

import java.util.Comparator;

/**
 * Where a change is in a stretch.
 *
 * @param segment which of the stretch's
 * @param transaction the index of its transaction in the segment
 * @param sequence tells the order of those of one transaction
 */
record LinePlace(int segment, int transaction, long sequence) implements Comparable<LinePlace> {
    private static final Comparator<LinePlace> ORDER =
            comparingInt(LinePlace::segment)
                    .thenComparingInt(LinePlace::transaction)
                    .thenComparingLong(LinePlace::sequence);

    @Override
    public int compareTo(LinePlace other) {
        return ORDER.compare(this, other);
    }
}
