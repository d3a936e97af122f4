package dev.tidemark.archive.parquet;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Writes the transactions of a segment, in commit order. For one thread. */
public final class TransactionsWriter {
    private final ParquetFile<TransactionRecord> file;

    private TransactionsWriter(Path path) throws IOException {
        file =
                ParquetFile.create(
                        path, JournalSchema.TRANSACTIONS, Map.of(), TransactionsWriter::fields);
    }

    /** Starts a local file, which must not exist. */
    public static TransactionsWriter create(Path path) throws IOException {
        return new TransactionsWriter(path);
    }

    public void add(TransactionRecord transaction) throws IOException {
        file.write(transaction);
    }

    public Path close() throws IOException {
        return file.close();
    }

    /** Leaves no trace. */
    public void discard() throws IOException {
        file.discard();
    }

    /** Writes all of them into a local file, which must not exist. */
    public static Path write(Path path, List<TransactionRecord> transactions) throws IOException {
        TransactionsWriter writer = create(path);
        for (TransactionRecord transaction : transactions) {
            writer.add(transaction);
        }
        return writer.close();
    }

    private static long fields(TransactionRecord transaction, RecordConsumer out) {
        out.startField("transaction", 0);
        out.addInteger(transaction.index());
        out.endField("transaction", 0);
        number(out, "position", 1, transaction.position().value());
        number(out, "previous", 2, transaction.previous().value());
        number(out, "xid", 3, transaction.xid());
        number(
                out,
                "commit_time",
                4,
                ChronoUnit.MICROS.between(Instant.EPOCH, transaction.commitTime()));
        number(out, "changes", 5, transaction.changes());
        number(out, "log_offset", 6, transaction.logOffset());
        out.startField("digest", 7);
        out.addBinary(Binary.fromConstantByteArray(transaction.digestBytes()));
        out.endField("digest", 7);
        return transaction.digestBytes().length;
    }

    private static void number(RecordConsumer out, String name, int index, long value) {
        out.startField(name, index);
        out.addLong(value);
        out.endField(name, index);
    }
}
