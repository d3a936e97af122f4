package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.schema.MessageType;

/** A row group of rows of texts, column by column. For one thread. */
final class TextColumns implements ParquetFile.Columns<List<Value>> {
    private final TextColumn[] columns;
    private final int fields;

    /**
     * @param fields of a row: one for each column, or none, and the column's field is always null
     */
    TextColumns(MessageType schema, PageWriteStore pages, ByteBufferAllocator room, int fields) {
        this.fields = fields;
        this.columns =
                schema.getColumns().stream()
                        .map(
                                column ->
                                        new TextColumn(
                                                column.getPrimitiveType(),
                                                pages.getPageWriter(column),
                                                room))
                        .toArray(TextColumn[]::new);
    }

    @Override
    public long write(List<Value> row) throws IOException {
        long bytes = 0;
        for (int i = 0; i < columns.length; i++) {
            bytes += columns[i].add(i < fields ? row.get(i) : Value.Mark.NULL);
        }
        return bytes;
    }

    @Override
    public long buffered() {
        long bytes = 0;
        for (TextColumn column : columns) {
            bytes += column.buffered();
        }
        return bytes;
    }

    @Override
    public void finish() throws IOException {
        for (TextColumn column : columns) {
            column.finish();
        }
    }
}
