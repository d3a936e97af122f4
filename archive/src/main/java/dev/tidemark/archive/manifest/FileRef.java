package dev.tidemark.archive.manifest;

/**
 * A file that a manifest names, and so publishes.
 *
 * @param name the object's name in the archive
 * @param kind what is in it
 * @param bytes its size
 * @param rows its records; 0 for a catalog
 * @param sha256 of its bytes, in hex
 * @param table the table's id, for rows of one table; else 0
 * @param version the version of the table that the rows have; else 0
 */
public record FileRef(
        String name, Kind kind, long bytes, long rows, String sha256, long table, int version) {
    /** What is in a file. */
    public enum Kind {
        /** Rows of one table as of one position. */
        BASE,
        /**
         * The changes of a segment, of all tables, in commit order; of a merged one those that are
         * not of rows.
         */
        JOURNAL,
        /** The changes of one table's rows in one version, of a merged segment, by key. */
        CHANGES,
        /** The transactions of a segment. */
        TRANSACTIONS,
        /** The catalog as of a position, as JSON. */
        CATALOG
    }

    public FileRef {
        if (bytes < 0 || rows < 0 || sha256.length() != 64) {
            throw new IllegalArgumentException("not a file reference: " + name);
        }
    }

    /** The same file, of rows in this version of their table. */
    public FileRef withVersion(int of) {
        return new FileRef(name, kind, bytes, rows, sha256, table, of);
    }
}
