package dev.tidemark.cli.wiring;

/**
 * What rows of an archive become, and how much room they take as that. The archive has them as
 * compressed texts.
 */
enum WrittenAs {
    /**
     * Tables of a server. Random numbers and UUIDs alone come near to what the archive takes; CRM
     * data was stored there in an eighth of its tables and indexes. Beside its fields a row has a
     * header of 24 bytes and a pointer of 4, and most have an entry in the key's index.
     */
    DATABASE(2, 28, 10, 60),

    /** SQL or CSV: a row is a line at least. */
    TEXT(2, 1, 8, 8),

    /** Parquet with types, in which ascending numbers take next to nothing. */
    PARQUET(10, 0, 2, 0),

    /** A DuckDB file: the same. */
    DUCKDB(10, 0, 4, 4);

    private final long leastPart;
    private final long rowBytesLeast;
    private final long factor;
    private final long rowBytes;

    /**
     * By what the archive takes.
     *
     * @param leastPart they take this part of it at least
     * @param rowBytesLeast and so many bytes for a row
     * @param factor by experience they take so many times as much
     * @param rowBytes and so many bytes for a row
     */
    WrittenAs(long leastPart, long rowBytesLeast, long factor, long rowBytes) {
        this.leastPart = leastPart;
        this.rowBytesLeast = rowBytesLeast;
        this.factor = factor;
        this.rowBytes = rowBytes;
    }

    /** No rows take less. */
    long least(long bytes, long rows) {
        return bytes / leastPart + rows * rowBytesLeast;
    }

    /** Most take about this. */
    long guess(long bytes, long rows) {
        return bytes * factor + rows * rowBytes;
    }
}
