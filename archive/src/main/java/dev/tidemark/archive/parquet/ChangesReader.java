package dev.tidemark.archive.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;

/** The changes of one table's rows in one version, line by line. For one thread. */
public final class ChangesReader implements Iterator<SortedChange>, AutoCloseable {
    private final ParquetRows<SortedChange> rows;

    private ChangesReader(ParquetRows<SortedChange> rows) {
        this.rows = rows;
    }

    public static ChangesReader open(Path path) throws IOException {
        return new ChangesReader(
                ParquetRows.open(
                        path, (schema, pages) -> new ChangeRows(schema, pages).withTelling()));
    }

    /**
     * Reads what became of rows; nothing of how it was told: {@code sequence}, {@code image},
     * {@code told} and {@code unchanged} of each change say nothing then.
     */
    public static ChangesReader ofLines(Path path) throws IOException {
        return new ChangesReader(
                ParquetRows.open(path, (schema, pages) -> new ChangeRows(schema, pages)));
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public SortedChange next() {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
