package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.archive.parquet.CommittedReader;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsReader;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Predicate;

/**
 * The transactions of a segment, in commit order; a merged segment may have millions. For one
 * thread.
 */
public final class SegmentTransactions implements Iterator<TransactionRecord>, AutoCloseable {
    private final Path local;
    private final TransactionsReader reader;
    private Optional<TransactionRecord> last = Optional.empty();

    private SegmentTransactions(Path local, TransactionsReader reader) {
        this.local = local;
        this.reader = reader;
    }

    /**
     * Opens those of a segment.
     *
     * @param temporary a folder for the file meanwhile
     * @throws TidemarkException when it is missing or damaged
     */
    public static SegmentTransactions open(Archive archive, Manifest segment, Path temporary)
            throws IOException {
        Path local = archive.fetch(file(segment), temporary);
        try {
            return new SegmentTransactions(local, TransactionsReader.open(local));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(local);
            throw e;
        }
    }

    /**
     * Passes over many that are not wanted without reading them, see {@link
     * TransactionsReader#passOver}.
     */
    public void passOver(Predicate<TransactionsReader.Bounds> mayBePassed) {
        reader.passOver(mayBePassed);
    }

    private static FileRef file(Manifest segment) {
        return segment.file(FileRef.Kind.TRANSACTIONS)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        segment.name() + " names no transactions",
                                        "Run 'tidemark verify'."));
    }

    /**
     * What names some of a segment, by their indexes. Where the archive's storage is a local folder
     * the file is read in place, and of it only the parts that they are in: those are checked by
     * sums of their own, and not the file by its hash.
     *
     * @throws TidemarkException when the segment has not all of them
     */
    public static Map<Integer, Committed> some(
            Archive archive, Manifest segment, SortedSet<Integer> indexes, Path temporary)
            throws IOException {
        if (indexes.isEmpty()) {
            return Map.of();
        }
        FileRef file = file(segment);
        Optional<Path> there = archive.inPlace(file);
        if (there.isPresent()) {
            return all(CommittedReader.read(there.get(), indexes), indexes);
        }
        Path local = archive.fetch(file, temporary);
        try {
            return all(CommittedReader.read(local, indexes), indexes);
        } finally {
            Files.deleteIfExists(local);
        }
    }

    private static Map<Integer, Committed> all(
            Map<Integer, Committed> found, SortedSet<Integer> indexes) {
        for (int index : indexes) {
            if (!found.containsKey(index)) {
                throw unnamed(index);
            }
        }
        return found;
    }

    private static TidemarkException unnamed(int index) {
        return TidemarkException.failed(
                "a segment has changes of its transaction %d, which it does not name"
                        .formatted(index),
                "Run 'tidemark verify'.");
    }

    @Override
    public boolean hasNext() {
        return reader.hasNext();
    }

    @Override
    public TransactionRecord next() {
        TransactionRecord next = reader.next();
        last = Optional.of(next);
        return next;
    }

    /**
     * The one with an index, which is not smaller than that of the last one.
     *
     * @throws TidemarkException when there is none
     */
    public TransactionRecord at(int index) {
        while (last.filter(one -> one.index() >= index).isEmpty()) {
            passOver(bounds -> bounds.first() <= index);
            if (!hasNext()) {
                break;
            }
            next();
        }
        return last.filter(one -> one.index() == index).orElseThrow(() -> unnamed(index));
    }

    @Override
    public void close() throws IOException {
        try {
            reader.close();
        } finally {
            Files.deleteIfExists(local);
        }
    }
}
