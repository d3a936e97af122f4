package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Entry;

/**
 * One change of a segment, in commit order.
 *
 * @param transaction the transaction's index in its segment
 * @param version the version of the table that the fields of a row belong to; 0 for other entries
 * @param entry a row, truncate, schema change, sample of sequences or message; a truncate names one
 *     table
 */
public record Change(int transaction, int version, Entry entry) {
    /** The same change, in a segment that begins with so many transactions more. */
    public Change after(int transactions) {
        return new Change(transactions + transaction, version, entry);
    }
}
