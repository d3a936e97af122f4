package dev.tidemark.archive.fold;

import static java.util.Comparator.comparingLong;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Map;

/** Keeps what a fold has of its tables within some memory, nearly. For one thread. */
final class FoldMemory {
    /** With less than this, which is a service's, one thread does all. */
    private static final long AHEAD_MEMORY = 64L * 1024 * 1024;

    private final long max;
    private final Map<Long, TableFold> tables;
    private final Doubts doubts;
    private long used; // about

    /**
     * @param max bytes
     * @param tables those that there are at a time
     * @param doubts hears of rows that do not fit, which may show when they go to disk
     */
    FoldMemory(long max, Map<Long, TableFold> tables, Doubts doubts) {
        this.max = max;
        this.tables = tables;
        this.doubts = doubts;
    }

    /** Is there enough to read ahead? */
    boolean isLarge() {
        return max >= AHEAD_MEMORY;
    }

    /** A table takes so much more. */
    void grew(long bytes) throws IOException {
        used += bytes;
        if (used > max) {
            keepWithin();
        }
    }

    /** The table that takes most goes to disk first. */
    private void keepWithin() throws IOException {
        for (used = bytes(); used > max; used = bytes()) {
            TableFold largest =
                    tables.values().stream().max(comparingLong(TableFold::bytes)).orElseThrow();
            try {
                largest.settle();
            } catch (TidemarkException e) {
                doubts.bear(largest.table().id(), e);
                largest.truncate();
            }
        }
    }

    private long bytes() {
        return tables.values().stream().mapToLong(TableFold::bytes).sum();
    }
}
