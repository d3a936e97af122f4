package dev.tidemark.archive.parquet;

/** Whole numbers of rows, of which each has one. For one thread. */
interface Numbers {
    /** The number of the next row. */
    long next();

    /** Passes over rows. */
    void skip(long rows);
}
