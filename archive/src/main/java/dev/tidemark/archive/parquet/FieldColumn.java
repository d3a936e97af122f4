package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;

/** The fields of rows in a column of a table. For one thread. */
interface FieldColumn {
    /** The field of the next row. */
    Value next();

    /** Passes over rows. */
    void skip(long rows);
}
