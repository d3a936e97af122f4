package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

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

    /**
     * The same, of all lines in which one of some keys is, and perhaps of others.
     *
     * @param table as its rows are in the file
     * @param keys the fields of each, which are texts, in the order of the table's key
     */
    public static ChangesReader ofLines(Path path, Table table, Set<List<Value>> keys)
            throws IOException {
        return new ChangesReader(
                ParquetRows.openSome(
                        path,
                        file -> ChangesFilter.groups(file, table, keys),
                        (schema, pages) -> new ChangeRows(schema, pages)));
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
