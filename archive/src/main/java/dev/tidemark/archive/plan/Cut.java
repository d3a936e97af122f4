package dev.tidemark.archive.plan;

import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.schemas.change.Position;
import java.util.Optional;

/**
 * Where a restore ends: a prefix of the source's commit order.
 *
 * @param position the last position in it
 * @param transactions how many of the last segment's transactions are in it
 * @param last the last transaction in it; empty when the base of the source itself is the cut
 * @param next the first one left out, if any is archived
 */
public record Cut(
        Position position,
        int transactions,
        Optional<TransactionRecord> last,
        Optional<TransactionRecord> next) {
    /** The same, of a plan in which no segment is read: a base is of that position. */
    Cut atBase() {
        return new Cut(position, 0, last, next);
    }
}
