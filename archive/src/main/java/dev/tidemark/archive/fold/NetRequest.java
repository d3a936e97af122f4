package dev.tidemark.archive.fold;

import dev.tidemark.archive.plan.Between;
import dev.tidemark.schemas.catalog.Catalog;
import java.util.function.LongPredicate;

/**
 * What somebody wants to know of the changes between two cuts.
 *
 * @param start the catalog at the earlier cut
 * @param isWanted by its id: do the rows of a table matter?
 * @param memory bytes that rows may take, nearly; a table with more is to be taken whole
 */
public record NetRequest(
        Between between, Catalog start, LongPredicate isWanted, Counting counting, long memory) {
    /** Is it counted how often each row changed? */
    public enum Counting {
        /** No: what becomes of it is enough. */
        NONE,
        /** Yes, also of rows that came and went. Takes the memory of their keys. */
        EACH_ROW
    }
}
