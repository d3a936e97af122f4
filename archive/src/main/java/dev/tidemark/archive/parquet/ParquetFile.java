package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file being written to local disk, record by record, with the settings that all of ours
 * share. For one thread.
 *
 * @param <T> what a record is made of
 */
final class ParquetFile<T> {
    /** Bounds the memory of a writer and of a reader: one row group is held whole. */
    private static final long ROW_GROUP_BYTES = 16L * 1024 * 1024;

    private static final int PAGE_BYTES = 256 * 1024;

    /** Writes one record's fields. */
    interface Fields<T> {
        void write(T record, RecordConsumer out);
    }

    private final Path path;
    private final ParquetWriter<T> writer;
    private long rows;

    private ParquetFile(Path path, ParquetWriter<T> writer) {
        this.path = path;
        this.writer = writer;
    }

    /** Starts a file, which must not exist. */
    static <T> ParquetFile<T> create(
            Path path, MessageType schema, Map<String, String> metadata, Fields<T> fields)
            throws IOException {
        Builder<T> builder =
                new Builder<>(new LocalOutputFile(path), new Support<>(schema, metadata, fields))
                        .withConf(new PlainParquetConfiguration())
                        .withCodecFactory(new ZstdCodec())
                        .withCompressionCodec(CompressionCodecName.ZSTD)
                        .withWriterVersion(
                                ParquetProperties.WriterVersion
                                        .PARQUET_1_0) // every reader knows it
                        .withRowGroupSize(ROW_GROUP_BYTES)
                        .withPageSize(PAGE_BYTES)
                        .withDictionaryEncoding(true)
                        .withWriteMode(ParquetFileWriter.Mode.CREATE);
        plainLists(builder, schema);
        return new ParquetFile<>(path, builder.build());
    }

    /**
     * A list holds the fields of a row, of all columns and tables mixed: a dictionary of them is
     * given up after a while, and their least and greatest say nothing. Without both, a journal of
     * small transactions took 0.6 of the processor time, one of bulk inserts 0.9, and neither grew.
     */
    private static void plainLists(Builder<?> builder, MessageType schema) {
        for (ColumnDescriptor column : schema.getColumns()) {
            if (column.getMaxRepetitionLevel() > 0) {
                String path = String.join(".", column.getPath());
                builder.withDictionaryEncoding(path, false).withStatisticsEnabled(path, false);
            }
        }
    }

    void write(T record) throws IOException {
        try {
            writer.write(record);
        } catch (IOException e) {
            throw unwritable(e);
        }
        rows++;
    }

    long rows() {
        return rows;
    }

    /** About how large the file will be. */
    long bytes() {
        return writer.getDataSize();
    }

    /** Finishes the file. */
    Path close() throws IOException {
        try {
            writer.close();
        } catch (IOException e) {
            throw unwritable(e);
        }
        return path;
    }

    private TidemarkException unwritable(IOException e) {
        return TidemarkException.failed(
                "cannot write " + path + ": " + TidemarkException.reason(e),
                "Look whether the disk of the temporary folder is full.",
                e);
    }

    /** Leaves no trace. */
    void discard() throws IOException {
        try {
            writer.close();
        } finally {
            Files.deleteIfExists(path);
        }
    }

    private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
        private final WriteSupport<T> support;

        Builder(OutputFile file, WriteSupport<T> support) {
            super(file);
            this.support = support;
        }

        @Override
        protected Builder<T> self() {
            return this;
        }

        @Override
        protected WriteSupport<T> getWriteSupport(ParquetConfiguration configuration) {
            return support;
        }

        @Override
        @SuppressWarnings(
                "deprecation") // the abstract method of the old interface; never called with ours
        protected WriteSupport<T> getWriteSupport(
                org.apache.hadoop.conf.Configuration configuration) {
            return support;
        }
    }

    private static final class Support<T> extends WriteSupport<T> {
        private final MessageType schema;
        private final Map<String, String> metadata;
        private final Fields<T> fields;
        private @Nullable RecordConsumer consumer;

        Support(MessageType schema, Map<String, String> metadata, Fields<T> fields) {
            this.schema = schema;
            this.metadata = metadata;
            this.fields = fields;
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(schema, metadata);
        }

        @Override
        @SuppressWarnings(
                "deprecation") // the abstract method of the old interface; never called with ours
        public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
            return new WriteContext(schema, metadata);
        }

        @Override
        public void prepareForWrite(RecordConsumer given) {
            consumer = given;
        }

        @Override
        public void write(T record) {
            RecordConsumer out = Objects.requireNonNull(consumer, "not prepared");
            out.startMessage();
            fields.write(record, out);
            out.endMessage();
        }
    }
}
