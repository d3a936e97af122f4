package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * The records of a local Parquet file, in order, one row group in memory at a time. For one thread.
 *
 * @param <T> what a record becomes
 */
final class ParquetRows<T> implements Iterator<T>, AutoCloseable {
    /** Makes a record, for one file's schema. */
    interface Materializer<T> {
        RecordMaterializer<T> of(MessageType schema);
    }

    private final Path path;
    private final ParquetFileReader file;
    private final MessageType schema;
    private final MessageColumnIO columns;
    private final Materializer<T> materializer;
    private @Nullable RecordReader<T> group;
    private long left;

    private ParquetRows(Path path, ParquetFileReader file, Materializer<T> materializer) {
        this.path = path;
        this.file = file;
        this.schema = file.getFooter().getFileMetaData().getSchema();
        this.columns = new ColumnIOFactory().getColumnIO(schema);
        this.materializer = materializer;
    }

    static <T> ParquetRows<T> open(Path path, Materializer<T> materializer) throws IOException {
        try {
            ParquetFileReader file =
                    ParquetFileReader.open(
                            new LocalInputFile(path),
                            ParquetReadOptions.builder(new PlainParquetConfiguration())
                                    .withCodecFactory(new ZstdCodec(new HeapByteBufferAllocator()))
                                    .build());
            return new ParquetRows<>(path, file, materializer);
        } catch (IOException | RuntimeException e) {
            throw damaged(path, e);
        }
    }

    @Override
    public boolean hasNext() {
        while (left == 0) {
            try {
                PageReadStore pages = file.readNextRowGroup();
                if (pages == null) {
                    return false;
                }
                left = pages.getRowCount();
                group = columns.getRecordReader(pages, materializer.of(schema));
            } catch (IOException | RuntimeException e) {
                throw damaged(path, e);
            }
        }
        return true;
    }

    @Override
    public T next() {
        if (!hasNext() || group == null) {
            throw new NoSuchElementException();
        }
        left--;
        try {
            return group.read();
        } catch (RuntimeException e) {
            throw damaged(path, e);
        }
    }

    private static TidemarkException damaged(Path path, Exception e) {
        return TidemarkException.failed(
                "cannot read the Parquet file " + path + ": " + TidemarkException.reason(e),
                "Run 'tidemark verify' to see what is damaged.",
                e);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
