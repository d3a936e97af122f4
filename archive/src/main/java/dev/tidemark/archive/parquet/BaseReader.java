package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** The rows of one file of a base. For one thread. */
public final class BaseReader implements Iterator<List<Value>>, AutoCloseable {
    private final ParquetRows<List<Value>> rows;
    private final Predicate<List<Value>> isWanted;
    private @Nullable List<Value> next;

    private BaseReader(ParquetRows<List<Value>> rows) {
        this(rows, any -> true);
    }

    private BaseReader(ParquetRows<List<Value>> rows, Predicate<List<Value>> isWanted) {
        this.rows = rows;
        this.isWanted = isWanted;
    }

    /** Rows in the order of the table's stored columns, of which there are so many. */
    public static BaseReader open(Path path, int columns) throws IOException {
        return new BaseReader(
                ParquetRows.open(path, (schema, pages) -> new TextRows(schema, pages, columns)));
    }

    /** Only the fields of rows that are at some places, ascending; no row's other fields. */
    public static BaseReader open(Path path, int columns, int[] places) throws IOException {
        return new BaseReader(
                ParquetRows.open(
                        path,
                        schema -> {
                            TextRows.check(schema, columns);
                            return new MessageType(
                                    schema.getName(),
                                    Arrays.stream(places).mapToObj(schema::getType).toList());
                        },
                        (schema, pages) -> new TextRows(schema, pages, places.length)));
    }

    /**
     * Only rows that have one of some keys; of the others as little is read as the file allows.
     *
     * @param table as its rows are in the file
     * @param key ids of the columns of the key
     * @param keys the fields of each, which are texts, in that order
     */
    public static BaseReader open(Path path, Table table, List<Integer> key, Set<List<Value>> keys)
            throws IOException {
        int columns = table.stored().size();
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        List<Integer> places = key.stream().map(stored::indexOf).toList();
        List<String> names =
                places.stream().map(place -> BaseWriter.name(table.stored().get(place))).toList();
        RowSearch.Sought sought = RowSearch.Sought.of(places, keys);
        return new BaseReader(
                ParquetRows.openPages(
                        path,
                        RowSearch.predicate(names, keys),
                        (schema, pages) -> {
                            TextRows.check(schema, columns);
                            return new RowSearch(schema, pages, sought);
                        }),
                row -> !row.isEmpty());
    }

    @Override
    public boolean hasNext() {
        while (next == null && rows.hasNext()) {
            List<Value> row = rows.next();
            next = isWanted.test(row) ? row : null;
        }
        return next != null;
    }

    @Override
    public List<Value> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<Value> row = Objects.requireNonNull(next);
        next = null;
        return row;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
