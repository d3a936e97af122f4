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
import java.util.function.Supplier;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;

/** The transactions of a segment, in commit order. For one thread. */
public final class TransactionsReader implements Iterator<TransactionRecord>, AutoCloseable {
    private final ParquetRows<TransactionRecord> rows;

    private TransactionsReader(ParquetRows<TransactionRecord> rows) {
        this.rows = rows;
    }

    public static TransactionsReader open(Path path) throws IOException {
        return new TransactionsReader(ParquetRows.open(path, Rows::new));
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
