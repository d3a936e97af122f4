package dev.tidemark.replay.load;

/**
 * What the server's cumulative statistics say of a table, and where its rows are: both are as they
 * were as long as nobody changes a row. TRUNCATE is not counted, but moves the rows.
 *
 * @param inserted rows since the table was made, by whomever; so with the others
 * @param file PostgreSQL's relfilenode
 */
public record RowCounts(long inserted, long updated, long deleted, long file) {
    /** After some more, in the same place. */
    public RowCounts plus(long moreInserted, long moreUpdated, long moreDeleted) {
        return new RowCounts(
                inserted + moreInserted, updated + moreUpdated, deleted + moreDeleted, file);
    }
}
