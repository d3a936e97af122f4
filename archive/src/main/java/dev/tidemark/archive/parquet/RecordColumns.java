package dev.tidemark.archive.parquet;

import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/**
 * A row group of records of any shape, by Parquet's own writer. For one thread.
 *
 * @param <T> what a record is made of
 */
final class RecordColumns<T> implements ParquetFile.Columns<T> {
    private final ParquetFile.Fields<T> fields;
    private final ColumnWriteStore columns;
    private final RecordConsumer out;

    /**
     * @param pages that also keep Bloom filters
     */
    RecordColumns(
            MessageType schema,
            ParquetProperties properties,
            ColumnChunkPageWriteStore pages,
            ParquetFile.Fields<T> fields) {
        this.fields = fields;
        this.columns = properties.newColumnWriteStore(schema, new ShortStatistics(pages), pages);
        this.out = new ColumnIOFactory().getColumnIO(schema).getRecordWriter(columns);
    }

    @Override
    public long write(T record) {
        out.startMessage();
        long bytes = fields.write(record, out);
        out.endMessage();
        return bytes;
    }

    @Override
    public long buffered() {
        return columns.getBufferedSize();
    }

    @Override
    public void finish() {
        out.flush();
        columns.flush();
    }
}
