package dev.tidemark.replay.search;

import java.util.Comparator;

/**
 * Where a change is in a window.
 *
 * @param part the number of its segment, counted through all stretches
 * @param transaction the index of its transaction there
 * @param sequence tells the order of those of one transaction
 */
record Place(int part, int transaction, long sequence) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::part)
                    .thenComparingInt(Place::transaction)
                    .thenComparingLong(Place::sequence);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }
}
