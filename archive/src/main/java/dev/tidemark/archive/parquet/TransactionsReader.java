package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/** The transactions of a segment, in commit order. For one thread. */
public final class TransactionsReader implements Iterator<TransactionRecord>, AutoCloseable {
    private static final int POSITION = 1; // of a file's columns
    private static final int XID = 3;
    private static final int COMMIT_TIME = 4;

    private final ParquetRows<TransactionRecord> rows;

    private TransactionsReader(ParquetRows<TransactionRecord> rows) {
        this.rows = rows;
    }

    public static TransactionsReader open(Path path) throws IOException {
        return new TransactionsReader(ParquetRows.open(path, Rows::new));
    }

    /**
     * What the transactions of a row group keep within, as its statistics say.
     *
     * @param first the index of the first of them
     * @param last the greatest position
     * @param latest the greatest commit time
     * @param minXid the least id
     * @param maxXid the greatest id
     */
    public record Bounds(int first, Position last, Instant latest, long minXid, long maxXid) {
        /** May one of them have this id? */
        public boolean mayHold(long xid) {
            return minXid <= xid && xid <= maxXid;
        }
    }

    /**
     * Passes over row groups from here on without reading them, as long as both they and the one
     * after them may be passed: so the last of those that may be passed is always given. Does
     * nothing within a row group.
     */
    public void passOver(Predicate<Bounds> mayBePassed) {
        List<BlockMetaData> ahead = rows.ahead();
        int passed = 0;
        while (passed < ahead.size() && bounds(ahead.get(passed)).filter(mayBePassed).isPresent()) {
            passed++;
        }
        rows.skipGroups(Math.max(passed - 1, 0));
    }

    /** Empty where the statistics do not say it. */
    private static Optional<Bounds> bounds(BlockMetaData group) {
        List<LongStatistics> numbers = new ArrayList<>();
        for (ColumnChunkMetaData chunk : group.getColumns().subList(POSITION, COMMIT_TIME + 1)) {
            if (!(chunk.getStatistics() instanceof LongStatistics known)
                    || !known.hasNonNullValue()) {
                return Optional.empty();
            }
            numbers.add(known);
        }
        LongStatistics positions = numbers.getFirst();
        if (positions.getMin() < 0) {
            return Optional.empty(); // positions have no sign, and these were compared with one
        }
        LongStatistics xids = numbers.get(XID - POSITION);
        long latest = numbers.getLast().getMax();
        return Optional.of(
                new Bounds(
                        Math.toIntExact(group.getRowIndexOffset()),
                        new Position(positions.getMax()),
                        Instant.EPOCH.plus(latest, ChronoUnit.MICROS),
                        xids.getMin(),
                        xids.getMax()));
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public TransactionRecord next() {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** All of them, in commit order. */
    public static List<TransactionRecord> read(Path path) throws IOException {
        List<TransactionRecord> transactions = new ArrayList<>();
        try (TransactionsReader reader = open(path)) {
            reader.forEachRemaining(transactions::add);
        }
        return transactions;
    }

    /** The records of a row group. */
    private static final class Rows implements Supplier<TransactionRecord> {
        private static final int DIGEST = 7;

        private final NumberPages[] numbers = new NumberPages[DIGEST];
        private final TextPages digests; // whose bytes are no text, and are taken as they are

        Rows(MessageType schema, PageReadStore pages) {
            List<ColumnDescriptor> columns = schema.getColumns();
            Arrays.setAll(
                    numbers,
                    leaf ->
                            new NumberPages(
                                    columns.get(leaf), pages.getPageReader(columns.get(leaf))));
            ColumnDescriptor digest = columns.get(DIGEST);
            digests = new TextPages(digest, pages.getPageReader(digest));
        }

        @Override
        public TransactionRecord get() {
            return new TransactionRecord(
                    Math.toIntExact(numbers[0].next()),
                    new Position(numbers[1].next()),
                    new Position(numbers[2].next()),
                    numbers[3].next(),
                    Instant.EPOCH.plus(numbers[4].next(), ChronoUnit.MICROS),
                    numbers[5].next(),
                    numbers[6].next(),
                    HexFormat.of().formatHex(Texts.bytes(digests.next()).array()));
        }
    }
}
