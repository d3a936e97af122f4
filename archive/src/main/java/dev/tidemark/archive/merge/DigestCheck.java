package dev.tidemark.archive.merge;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsReader;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a segment, merged or not, as anybody else would, and holds each transaction against its
 * digest. For one thread; used once.
 */
public final class DigestCheck {
    private final Manifest segment;
    private final Consumer<String> problems;
    private long transactions;
    private long changes;

    private DigestCheck(Manifest segment, Consumer<String> problems) {
        this.segment = segment;
        this.problems = problems;
    }

    /** How much was read. */
    public record Read(long transactions, long changes) {}

    /**
     * Checks one.
     *
     * @param files brings its files
     * @param problems hears what is wrong
     */
    public static Read run(
            SegmentChanges.Source files,
            Manifest segment,
            Path temporary,
            Consumer<String> problems)
            throws IOException {
        DigestCheck check = new DigestCheck(segment, problems);
        Path local = files.local(segment.file(FileRef.Kind.TRANSACTIONS).orElseThrow());
        try (TransactionsReader records = TransactionsReader.open(local);
                SegmentChanges rows =
                        SegmentChanges.open(files, segment, SegmentChanges.Wanted.ALL, temporary)) {
            check.read(records, rows);
        } finally {
            Files.deleteIfExists(local);
        }
        return new Read(check.transactions, check.changes);
    }

    private void read(TransactionsReader records, SegmentChanges rows)
            throws InterruptedIOException {
        Position previous = segment.span().from();
        Optional<Change> next = next(rows);
        for (long seen = 0; records.hasNext(); seen++) {
            if ((seen & 0x3FFF) == 0) {
                SegmentMerger.checkGoesOn();
            }
            TransactionRecord record = records.next();
            if (!record.previous().equals(previous)) {
                problems.accept(
                        "the transaction at %s follows %s, and the one before it in the archive is at %s"
                                .formatted(record.position(), record.previous(), previous));
            }
            previous = record.position();
            ChangeDigest digest = new ChangeDigest();
            long count = 0;
            while (next.isPresent() && next.get().transaction() == record.index()) {
                digest.add(next.get());
                if ((++count & 0x3FFF) == 0) {
                    SegmentMerger.checkGoesOn();
                }
                next = next(rows);
            }
            check(record, count, digest.finish());
        }
        if (next.isPresent()) {
            problems.accept(segment.name() + ": its files have changes of no transaction");
        }
        if (!previous.equals(segment.span().to())) {
            problems.accept(
                    "%s says that it reaches to %s, and its last transaction is at %s"
                            .formatted(segment.name(), segment.span().to(), previous));
        }
    }

    private void check(TransactionRecord record, long count, String digest) {
        transactions++;
        changes += count;
        if (count != record.changes()) {
            problems.accept(
                    "the transaction at %s has %d changes, and %d are in the journal"
                            .formatted(record.position(), record.changes(), count));
        } else if (!digest.equals(record.digest())) {
            problems.accept(
                    "the changes of the transaction at "
                            + record.position()
                            + " are not what its digest says");
        }
    }

    private static Optional<Change> next(SegmentChanges rows) {
        return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
    }
}
