package dev.tidemark.archive.fold;

import java.util.function.LongConsumer;

/** Counts the changes that were read, and tells it again and again. For one thread at a time. */
final class ReadCount {
    /** It is told each time that so many of the lowest bits become 0. */
    private static final int TOLD_BITS = 14;

    private final LongConsumer progress;
    private long read;

    ReadCount(LongConsumer progress) {
        this.progress = progress;
    }

    void add(long changes) {
        long next = read + changes;
        boolean isTold = next >> TOLD_BITS > read >> TOLD_BITS;
        read = next;
        if (isTold) {
            tell();
        }
    }

    void tell() {
        progress.accept(read);
    }
}
