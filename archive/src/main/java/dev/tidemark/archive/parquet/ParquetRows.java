package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
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

    /** Gives the records of a row group one after the other. */
    interface Groups<T> {
        Supplier<T> records(MessageType schema, PageReadStore pages);
    }

    private final Path path;
    private final ParquetFileReader file;
    private final MessageType schema;
    private final Groups<T> groups;
    private final Chosen chosen;
    private @Nullable Supplier<T> group;
    private long left; // of the row group that was begun
    private int begun; // row groups

    private ParquetRows(
            Path path,
            ParquetFileReader file,
            MessageType schema,
            Groups<T> groups,
            Chosen chosen) {
        this.path = path;
        this.chosen = chosen;
        this.file = file;
        this.schema = schema;
        this.groups = groups;
    }

    static <T> ParquetRows<T> open(Path path, Materializer<T> materializer) throws IOException {
        return open(
                path,
                (schema, pages) ->
                        new ColumnIOFactory()
                                        .getColumnIO(schema)
                                        .getRecordReader(pages, materializer.of(schema))
                                ::read);
    }

    /** Gives one row group after the other, and then none. */
    private interface Chosen {
        @Nullable PageReadStore next() throws IOException;
    }

    /** Says which row groups are read. */
    interface Choice {
        List<Integer> of(ParquetFileReader file) throws IOException;
    }

    /** Of some row groups, with another reader than Parquet's own. */
    static <T> ParquetRows<T> openSome(Path path, Choice choice, Groups<T> groups)
            throws IOException {
        return opened(
                path,
                options(),
                file -> {
                    MessageType schema = file.getFooter().getFileMetaData().getSchema();
                    Iterator<Integer> some = choice.of(file).iterator();
                    return new ParquetRows<>(
                            path,
                            file,
                            schema,
                            groups,
                            () -> some.hasNext() ? file.readRowGroup(some.next()) : null);
                });
    }

    /** The same of some columns; what is read is checked by the sums that the file has of it. */
    static <T> ParquetRows<T> openChecked(
            Path path, UnaryOperator<MessageType> wanted, Choice choice, Groups<T> groups)
            throws IOException {
        return opened(
                path,
                options().usePageChecksumVerification(),
                file -> {
                    MessageType schema =
                            wanted.apply(file.getFooter().getFileMetaData().getSchema());
                    file.setRequestedSchema(schema);
                    Iterator<Integer> some = choice.of(file).iterator();
                    return new ParquetRows<>(
                            path,
                            file,
                            schema,
                            groups,
                            () -> some.hasNext() ? file.readRowGroup(some.next()) : null);
                });
    }

    /** The file itself. */
    static ParquetFileReader open(Path path) throws IOException {
        return ParquetFileReader.open(new LocalInputFile(path), options().build());
    }

    /** With another reader than Parquet's own. */
    static <T> ParquetRows<T> open(Path path, Groups<T> groups) throws IOException {
        return open(path, schema -> schema, groups);
    }

    /**
     * The same of some columns.
     *
     * @param wanted what is read of a file's schema
     */
    static <T> ParquetRows<T> open(Path path, UnaryOperator<MessageType> wanted, Groups<T> groups)
            throws IOException {
        return open(path, options(), wanted, groups);
    }

    /**
     * The same, by a reader that looks at the whole schema and knows what of it is read.
     *
     * @param read what is read of a file's schema
     */
    static <T> ParquetRows<T> openPart(Path path, UnaryOperator<MessageType> read, Groups<T> groups)
            throws IOException {
        return opened(
                path,
                options(),
                file -> {
                    MessageType schema = file.getFooter().getFileMetaData().getSchema();
                    file.setRequestedSchema(read.apply(schema));
                    return new ParquetRows<>(
                            path, file, schema, groups, file::readNextFilteredRowGroup);
                });
    }

    private static <T> ParquetRows<T> open(
            Path path,
            ParquetReadOptions.Builder options,
            UnaryOperator<MessageType> wanted,
            Groups<T> groups)
            throws IOException {
        return opened(
                path,
                options,
                file -> {
                    MessageType schema =
                            wanted.apply(file.getFooter().getFileMetaData().getSchema());
                    file.setRequestedSchema(schema);
                    return new ParquetRows<>(
                            path, file, schema, groups, file::readNextFilteredRowGroup);
                });
    }

    /** Begins to read a file. */
    private interface Beginning<T> {
        ParquetRows<T> of(ParquetFileReader file) throws IOException;
    }

    private static <T> ParquetRows<T> opened(
            Path path, ParquetReadOptions.Builder options, Beginning<T> beginning) {
        try {
            ParquetFileReader file =
                    ParquetFileReader.open(new LocalInputFile(path), options.build());
            try {
                return beginning.of(file);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            throw damaged(path, e);
        }
    }

    /**
     * The records of the pages in which those may be that are wanted, by Parquet's own reader.
     *
     * @param wanted what holds of them
     */
    static <T> ParquetRows<T> open(Path path, FilterPredicate wanted, Materializer<T> materializer)
            throws IOException {
        return open(path, options(), schema -> schema, wanted, materializer);
    }

    /** The same with another reader than Parquet's own. */
    static <T> ParquetRows<T> openPages(Path path, FilterPredicate wanted, Groups<T> groups)
            throws IOException {
        return open(
                path,
                options().withRecordFilter(FilterCompat.get(wanted)),
                schema -> schema,
                groups);
    }

    /**
     * The same of some columns, among them those by which records are wanted. No dictionaries are
     * read for that: each condition would read those of each row group once more.
     *
     * @param columns what is read of a file's schema
     */
    static <T> ParquetRows<T> open(
            Path path,
            UnaryOperator<MessageType> columns,
            FilterPredicate wanted,
            Materializer<T> materializer)
            throws IOException {
        return open(path, options().useDictionaryFilter(false), columns, wanted, materializer);
    }

    private static <T> ParquetRows<T> open(
            Path path,
            ParquetReadOptions.Builder options,
            UnaryOperator<MessageType> columns,
            FilterPredicate wanted,
            Materializer<T> materializer)
            throws IOException {
        return open(
                path,
                options.withRecordFilter(FilterCompat.get(wanted)),
                columns,
                (schema, pages) ->
                        new ColumnIOFactory()
                                        .getColumnIO(schema)
                                        .getRecordReader(pages, materializer.of(schema))
                                ::read);
    }

    private static ParquetReadOptions.Builder options() {
        return ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ZstdCodec(new HeapByteBufferAllocator()));
    }

    @Override
    public boolean hasNext() {
        while (left == 0) {
            try {
                PageReadStore pages = chosen.next();
                if (pages == null) {
                    return false;
                }
                left = pages.getRowCount();
                begun++;
                group = groups.records(schema, pages);
            } catch (IOException | RuntimeException e) {
                throw damaged(path, e);
            }
        }
        return true;
    }

    /**
     * The row groups that are left after the one that was begun, where all are read. None while
     * records of that one are left.
     */
    List<BlockMetaData> ahead() {
        List<BlockMetaData> all = file.getRowGroups();
        return left > 0 ? List.of() : all.subList(begun, all.size());
    }

    /** Passes over the next of {@link #ahead()} without reading them. */
    void skipGroups(int count) {
        for (int n = 0; n < count; n++) {
            file.skipNextRowGroup();
            begun++;
        }
    }

    @Override
    public T next() {
        if (!hasNext() || group == null) {
            throw new NoSuchElementException();
        }
        left--;
        try {
            return group.get();
        } catch (RuntimeException e) {
            throw damaged(path, e);
        }
    }

    static TidemarkException damaged(Path path, Exception e) {
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
