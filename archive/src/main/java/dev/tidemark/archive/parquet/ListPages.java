package dev.tidemark.archive.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reads a column of lists; one that is null is empty. For one thread.
 *
 * @param <T> what is in a list
 */
final class ListPages<T> {
    private final ColumnPages pages;
    private final Supplier<T> value;
    private boolean isAtNext; // the pages are at the first value of the next list

    /**
     * @param value reads the value that the pages are at
     */
    ListPages(ColumnPages pages, Supplier<T> value) {
        this.pages = pages;
        this.value = value;
    }

    List<T> next() {
        if (!isAtNext) {
            pages.next();
        }
        isAtNext = false;
        if (!pages.isThere()) {
            return List.of();
        }
        List<T> list = new ArrayList<>();
        list.add(value.get());
        while (pages.hasNext()) {
            pages.next();
            if (!pages.goesOn()) {
                isAtNext = true;
                break;
            }
            list.add(value.get());
        }
        return list;
    }

    /** Passes over rows. */
    void skip(long rows) {
        for (long rest = rows; rest > 0; rest--) {
            if (!isAtNext) {
                rest -= pages.passMissing(rest);
                if (rest == 0) {
                    return;
                }
            }
            next();
        }
    }
}
