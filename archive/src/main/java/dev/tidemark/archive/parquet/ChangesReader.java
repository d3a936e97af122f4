package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The changes of one table's rows in one version, line by line. For one thread. */
public final class ChangesReader implements Iterator<SortedChange>, AutoCloseable {
    private final ParquetRows<Optional<SortedChange>> rows;
    private @Nullable SortedChange next;
    private long passed;

    private ChangesReader(ParquetRows<Optional<SortedChange>> rows) {
        this.rows = rows;
    }

    /**
     * Reads the changes of some transactions, and of others: among them all that stand before one
     * of those.
     *
     * @param isWanted is a transaction, by its index, one of those?
     */
    public static ChangesReader open(Path path, IntPredicate isWanted) throws IOException {
        return new ChangesReader(
                ParquetRows.open(
                        path,
                        (schema, pages) ->
                                new ChangeRows(schema, pages)
                                        .withTelling()
                                        .ofTransactions(isWanted)));
    }

    /**
     * Reads what became of rows: of each line the first change and the last, and perhaps others.
     * Nothing of how it was told: {@code sequence}, {@code image}, {@code told} and {@code
     * unchanged} of each change say nothing then.
     *
     * @param transactions those of the segment that count, from its first
     */
    public static ChangesReader ofLines(Path path, int transactions) throws IOException {
        return new ChangesReader(
                ParquetRows.open(
                        path,
                        (schema, pages) -> new ChangeRows(schema, pages).ofEnds(transactions)));
    }

    /**
     * The same, of all lines in which one of some keys is, and perhaps of others.
     *
     * @param table as its rows are in the file
     * @param keys the fields of each, which are texts, in the order of the table's key
     */
    public static ChangesReader ofLines(
            Path path, int transactions, Table table, Set<List<Value>> keys) throws IOException {
        List<String> names = ChangesFilter.columns(table).stream().map(BaseWriter::name).toList();
        return new ChangesReader(
                ParquetRows.openSome(
                        path,
                        file -> ChangesFilter.groups(file, table, keys),
                        (schema, pages) ->
                                new ChangeRows(schema, pages).ofKeys(transactions, names, keys)));
    }

    /**
     * Reads all changes, as they were told, of the lines in which one of some keys is, and perhaps
     * of others. A line comes whole.
     *
     * @param table as its rows are in the file
     * @param keys the fields of each, in the order of the table's key
     */
    public static ChangesReader ofKeys(Path path, Table table, Set<List<Value>> keys)
            throws IOException {
        List<String> names = ChangesFilter.columns(table).stream().map(BaseWriter::name).toList();
        return new ChangesReader(
                ParquetRows.openSome(
                        path,
                        file -> ChangesFilter.groups(file, table, keys),
                        (schema, pages) ->
                                new ChangeRows(schema, pages).withTelling().ofLines(names, keys)));
    }

    /**
     * Reads all changes, with some columns of the table and their places in their transactions, and
     * nothing else of how they were told. Fields of other columns count as not known.
     *
     * @param columns ids of those columns
     */
    public static ChangesReader ofColumns(Path path, Set<Integer> columns) throws IOException {
        Set<String> names =
                columns.stream().map(BaseWriter::name).collect(Collectors.toUnmodifiableSet());
        return new ChangesReader(
                ParquetRows.openPart(
                        path,
                        schema -> ChangesSchema.part(schema, names),
                        (schema, pages) ->
                                new ChangeRows(schema, pages, names::contains).withSequence()));
    }

    @Override
    public boolean hasNext() {
        while (next == null && rows.hasNext()) {
            next = rows.next().orElse(null);
            passed++;
        }
        return next != null;
    }

    /** How many changes of the file it has come past, given or not. */
    public long passed() {
        return passed;
    }

    @Override
    public SortedChange next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        SortedChange given = next;
        next = null;
        return given;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
