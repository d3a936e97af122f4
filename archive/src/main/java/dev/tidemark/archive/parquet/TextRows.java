package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;

/** Rows of texts out of the columns of a row group. For one thread. */
final class TextRows implements Supplier<List<Value>> {
    private final TextPages[] columns;

    /**
     * @param fields of a row: as many as there are columns, or none
     */
    TextRows(MessageType schema, PageReadStore pages, int fields) {
        check(schema, fields);
        columns =
                schema.getColumns().stream()
                        .limit(fields)
                        .map(column -> new TextPages(column, pages.getPageReader(column)))
                        .toArray(TextPages[]::new);
    }

    /** Has a file as many columns as its rows need? */
    static void check(MessageType schema, int fields) {
        if (schema.getFieldCount() != Math.max(1, fields)) {
            throw new IllegalArgumentException(
                    "%d columns in a table of %d".formatted(schema.getFieldCount(), fields));
        }
    }

    @Override
    public List<Value> get() {
        Value[] row = new Value[columns.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = columns[i].next();
        }
        return Arrays.asList(row);
    }
}
