package dev.tidemark.archiver.base;

/**
 * How a folded base divides a table's rows into files. Files of which no row changed are named
 * again by the next one, so none may be very large, nor may there be very many.
 *
 * @param bytes a file of about this size is the last of its rows
 * @param rows the same for its rows
 * @param smallBytes a smaller file is a small one
 * @param smallMax so many small files of a table stay as they are; when there would be more, they
 *     become one
 */
record PartLimits(long bytes, long rows, long smallBytes, int smallMax) {
    static final PartLimits DEFAULT =
            new PartLimits(64L * 1024 * 1024, 5_000_000, 16L * 1024 * 1024, 8);

    PartLimits {
        if (bytes < 1 || rows < 1 || smallBytes < 0 || smallMax < 0) {
            throw new IllegalArgumentException("no limits of files");
        }
    }
}
