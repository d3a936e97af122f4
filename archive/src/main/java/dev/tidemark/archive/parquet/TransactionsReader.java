package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** The transactions of a segment, in commit order. For one thread. */
public final class TransactionsReader implements Iterator<TransactionRecord>, AutoCloseable {
    private final ParquetRows<TransactionRecord> rows;

    private TransactionsReader(ParquetRows<TransactionRecord> rows) {
        this.rows = rows;
    }

    public static TransactionsReader open(Path path) throws IOException {
        return new TransactionsReader(ParquetRows.open(path, schema -> new Materializer()));
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

    private static final class Materializer extends RecordMaterializer<TransactionRecord> {
        private final Fields.Whole[] numbers = new Fields.Whole[7];
        private final Fields.Bytes digest = new Fields.Bytes();

        Materializer() {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = new Fields.Whole();
            }
        }

        private final GroupConverter root =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return field < numbers.length ? numbers[field] : digest;
                    }

                    @Override
                    public void start() {}

                    @Override
                    public void end() {}
                };

        @Override
        public TransactionRecord getCurrentRecord() {
            return new TransactionRecord(
                    Math.toIntExact(numbers[0].value),
                    new Position(numbers[1].value),
                    new Position(numbers[2].value),
                    numbers[3].value,
                    Instant.EPOCH.plus(numbers[4].value, ChronoUnit.MICROS),
                    numbers[5].value,
                    numbers[6].value,
                    HexFormat.of().formatHex(digest.value));
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }
}
