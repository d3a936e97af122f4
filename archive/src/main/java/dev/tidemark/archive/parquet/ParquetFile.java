package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file being written to local disk, record by record, with the settings that all of ours
 * share. For one thread.
 *
 * <p>Parquet's own writer looks at its size every hundred records or so, of which each may be as
 * large as the heap; this one knows what each record adds.
 *
 * @param <T> what a record is made of
 */
final class ParquetFile<T> {
    /** Bounds the memory of a writer and of a reader: one row group is held whole. */
    private static final long ROW_GROUP_BYTES = 16L * 1024 * 1024;

    private static final int PAGE_BYTES = 256 * 1024;
    private static final int PADDING_BYTES_MAX = 8 * 1024 * 1024; // Parquet's default; never used

    /** Of the least and greatest of a page, in its index. */
    private static final int INDEX_BYTES = 64;

    /** Who looks for few rows reads the row groups that may hold them; one takes 0.1 s. */
    private static final long PRUNED_ROWS_MAX = 100_000;

    /** Enough for as many different values of a row group. */
    private static final int BLOOM_BYTES_MAX = 128 * 1024;

    /** What a record takes besides its texts, nearly. */
    private static final int RECORD_BYTES = 64;

    /** Writes one record's fields. */
    interface Fields<T> {
        /** Returns how many bytes its texts have. */
        long write(T record, RecordConsumer out);
    }

    /** The columns of a row group that is being written. */
    interface Columns<T> {
        /** Returns how many bytes the record's texts have. */
        long write(T record) throws IOException;

        /** How much of it is in memory, about. */
        long buffered();

        /** No more records come: the last pages. */
        void finish() throws IOException;
    }

    /** Makes the columns of each row group. */
    interface Layout<T> {
        Columns<T> columns(
                MessageType schema, ParquetProperties properties, ColumnChunkPageWriteStore pages);
    }

    private final Path path;
    private final MessageType schema;
    private final Map<String, String> metadata;
    private final Layout<T> layout;
    private final ParquetProperties properties;
    private final long groupRowsMax;
    private final ZstdCodec codec;
    private final ParquetFileWriter file;
    private @Nullable RowGroup group;
    private long rows;

    private ParquetFile(
            Path path,
            MessageType schema,
            Map<String, String> metadata,
            Set<String> pruning,
            Layout<T> layout)
            throws IOException {
        this.path = path;
        this.schema = schema;
        this.metadata = metadata;
        this.layout = layout;
        Scratch scratch =
                new Scratch(
                        Objects.requireNonNull(
                                path.toAbsolutePath().getParent(), "a file is in a folder"));
        this.properties = properties(schema, pruning, scratch);
        this.groupRowsMax = pruning.isEmpty() ? Long.MAX_VALUE : PRUNED_ROWS_MAX;
        this.codec = new ZstdCodec(scratch);
        this.file =
                new ParquetFileWriter(
                        new LocalOutputFile(path),
                        schema,
                        ParquetFileWriter.Mode.CREATE,
                        ROW_GROUP_BYTES,
                        PADDING_BYTES_MAX,
                        null,
                        properties);
        file.start();
    }

    /** Starts a file, which must not exist. */
    static <T> ParquetFile<T> create(
            Path path, MessageType schema, Map<String, String> metadata, Fields<T> fields)
            throws IOException {
        return create(path, schema, metadata, Set.of(), fields);
    }

    /**
     * The same.
     *
     * @param pruning columns of which each row group says with a Bloom filter what it does not have
     */
    static <T> ParquetFile<T> create(
            Path path,
            MessageType schema,
            Map<String, String> metadata,
            Set<String> pruning,
            Fields<T> fields)
            throws IOException {
        return new ParquetFile<>(
                path,
                schema,
                metadata,
                pruning,
                (columns, properties, pages) ->
                        new RecordColumns<>(columns, properties, pages, fields));
    }

    /**
     * Starts a file of rows of texts, which must not exist.
     *
     * @param fields of a row: as many as there are columns, or none
     */
    static ParquetFile<List<Value>> ofTexts(Path path, MessageType schema, int fields)
            throws IOException {
        return new ParquetFile<>(
                path,
                schema,
                Map.of(),
                Set.of(),
                (columns, properties, pages) ->
                        new TextColumns(columns, pages, properties.getAllocator(), fields));
    }

    /**
     * A list holds the fields of a row, of all columns and tables mixed: a dictionary of them is
     * given up after a while, and their least and greatest say nothing. Without both, a journal of
     * small transactions took 0.6 of the processor time, one of bulk inserts 0.9, and neither grew.
     */
    private static ParquetProperties properties(
            MessageType schema, Set<String> pruning, Scratch scratch) {
        ParquetProperties.Builder properties =
                ParquetProperties.builder()
                        .withWriterVersion(
                                ParquetProperties.WriterVersion
                                        .PARQUET_1_0) // every reader knows it
                        .withPageSize(PAGE_BYTES)
                        .withDictionaryEncoding(true)
                        .withAllocator(scratch)
                        .withMaxBloomFilterBytes(BLOOM_BYTES_MAX)
                        .withAdaptiveBloomFilterEnabled(true)
                        .withColumnIndexTruncateLength(INDEX_BYTES)
                        .withValuesWriterFactory(new ValuesWriters());
        for (ColumnDescriptor column : schema.getColumns()) {
            if (column.getMaxRepetitionLevel() > 0) {
                String path = String.join(".", column.getPath());
                properties.withDictionaryEncoding(path, false).withStatisticsEnabled(path, false);
            }
        }
        pruning.forEach(column -> properties.withBloomFilterEnabled(column, true));
        return properties.build();
    }

    /** The rows that are not in the file yet: their columns, page by page. */
    private final class RowGroup {
        final ColumnChunkPageWriteStore pages =
                new ColumnChunkPageWriteStore(
                        codec.getCompressor(CompressionCodecName.ZSTD),
                        schema,
                        properties.getAllocator(),
                        INDEX_BYTES,
                        properties.getPageWriteChecksumEnabled());
        final Columns<T> columns = layout.columns(schema, properties, pages);
        long rows;
        long bytesAtLook;
        long bytesSinceLook;

        void write(T record) throws IOException {
            bytesSinceLook += RECORD_BYTES + columns.write(record);
            rows++;
        }

        /** Texts are compressed page by page, so what came says only when to look again. */
        boolean isFull() {
            if (rows >= groupRowsMax) {
                return true;
            }
            if (bytesAtLook + bytesSinceLook < ROW_GROUP_BYTES) {
                return false;
            }
            bytesAtLook = columns.buffered();
            bytesSinceLook = 0;
            return bytesAtLook >= ROW_GROUP_BYTES;
        }

        void flush() throws IOException {
            columns.finish();
            file.startBlock(rows);
            pages.flushToFileWriter(file);
            file.endBlock();
        }
    }

    void write(T record) throws IOException {
        try {
            RowGroup open = group == null ? new RowGroup() : group;
            group = open;
            open.write(record);
            if (open.isFull()) {
                open.flush();
                group = null;
            }
        } catch (IOException | UncheckedIOException | InternalError e) {
            throw unwritable(e);
        }
        rows++;
    }

    long rows() {
        return rows;
    }

    /** About how large the file will be. */
    long bytes() {
        try {
            return file.getPos() + (group == null ? 0 : group.columns.buffered());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Finishes the file. */
    Path close() throws IOException {
        try {
            if (group != null) {
                group.flush();
            }
            file.end(metadata);
        } catch (IOException | UncheckedIOException | InternalError e) {
            throw unwritable(e);
        } finally {
            release();
        }
        return path;
    }

    private void release() throws IOException {
        group = null; // its buffers are of the heap
        codec.release();
        file.close();
    }

    private TidemarkException unwritable(Throwable e) {
        return TidemarkException.failed(
                "cannot write " + path + ": " + TidemarkException.reason(e),
                "Look whether the disk of the temporary folder is full.",
                e);
    }

    /** Leaves no trace. */
    void discard() throws IOException {
        try {
            release();
        } finally {
            Files.deleteIfExists(path);
        }
    }
}
