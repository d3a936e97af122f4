package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.catalog.Table;
import java.util.OptionalLong;

/**
 * A part of a table, by its pages.
 *
 * @param firstPage the first one
 * @param endPage the one after the last; none for a table's last part, which also has what was
 *     added meanwhile
 * @param estimatedRows for showing progress
 * @param estimatedBytes on the source's disk, for showing progress
 * @param isKept whether a lock keeps the table as it is; else {@link TableCopy} looks whether it is
 *     still the same
 */
public record TablePart(
        Table table,
        long firstPage,
        OptionalLong endPage,
        long estimatedRows,
        long estimatedBytes,
        boolean isKept) {
    public TablePart {
        if (firstPage < 0 || (endPage.isPresent() && endPage.getAsLong() <= firstPage)) {
            throw new IllegalArgumentException("no pages: " + firstPage + " to " + endPage);
        }
    }

    /** Is it the whole table? */
    boolean isWhole() {
        return firstPage == 0 && endPage.isEmpty();
    }
}
