package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.schema.MessageType;

/** The rows of one file of a base. For one thread. */
public final class BaseReader implements Iterator<List<Value>>, AutoCloseable {
    private final ParquetRows<List<Value>> rows;

    private BaseReader(ParquetRows<List<Value>> rows) {
        this.rows = rows;
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

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public List<Value> next() {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
