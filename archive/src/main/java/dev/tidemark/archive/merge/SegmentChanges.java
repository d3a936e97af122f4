package dev.tidemark.archive.merge;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.archive.parquet.JournalReader;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The changes of a segment in commit order, whatever its files are. Those of a merged one are
 * sorted for it: ask for no more than is needed. For one thread.
 */
public final class SegmentChanges implements Iterator<Change>, AutoCloseable {
    /**
     * Which changes of rows are wanted; others may come as well, and so may all that are not of
     * rows.
     */
    public interface Wanted {
        /** Everything. */
        Wanted ALL = (table, transaction) -> true;

        /** No rows. */
        Wanted NO_ROWS = (table, transaction) -> false;

        /**
         * Is the change of a row wanted?
         *
         * @param transaction the index of its transaction; −1 asks whether any of the table is
         */
        boolean is(long table, int transaction);
    }

    /** Asks for a table as a whole. */
    public static final int ANY = -1;

    private record Next(int transaction, long sequence, Change change) {
        boolean isBefore(Next other) {
            return transaction < other.transaction
                    || (transaction == other.transaction && sequence < other.sequence);
        }
    }

    private final Path local;
    private final JournalReader journal;
    private final Optional<ExternalSort> sort;
    private Iterator<ExternalSort.Item> rows = List.<ExternalSort.Item>of().iterator();
    private Optional<Next> nextOfJournal = Optional.empty();
    private Optional<Next> nextRow = Optional.empty();

    private SegmentChanges(Path local, JournalReader journal, Optional<ExternalSort> sort) {
        this.local = local;
        this.journal = journal;
        this.sort = sort;
    }

    /**
     * Opens a segment.
     *
     * @param temporary a folder for files meanwhile
     * @throws TidemarkException when one of its files is missing or damaged
     */
    public static SegmentChanges open(
            Archive archive, Manifest segment, Wanted wanted, Path temporary) throws IOException {
        return open(file -> archive.fetch(file, temporary), segment, wanted, temporary);
    }

    /** Brings files to local disk. */
    public interface Source {
        /** A local copy, which is deleted after use. */
        Path local(FileRef file) throws IOException;
    }

    /** The same with files that the caller brings. */
    public static SegmentChanges open(Source files, Manifest segment, Wanted wanted, Path temporary)
            throws IOException {
        Path local = files.local(journal(segment));
        SegmentChanges changes = null;
        try {
            boolean isMerged = segment.kind() == Manifest.Kind.MERGED_SEGMENT;
            changes =
                    new SegmentChanges(
                            local,
                            isMerged ? JournalReader.open(local) : journal(local, wanted),
                            isMerged
                                    ? Optional.of(
                                            new ExternalSort(temporary, ExternalSort.memory()))
                                    : Optional.empty());
            if (isMerged) {
                changes.sortRows(files, segment, wanted);
            }
            return changes;
        } catch (IOException | RuntimeException e) {
            if (changes == null) {
                Files.deleteIfExists(local);
            } else {
                changes.close();
            }
            throw e;
        }
    }

    private static JournalReader journal(Path local, Wanted wanted) throws IOException {
        return wanted == Wanted.NO_ROWS
                ? JournalReader.openRest(local)
                : JournalReader.open(local, wanted::is);
    }

    static FileRef journal(Manifest segment) {
        return segment.file(FileRef.Kind.JOURNAL)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        segment.name() + " names no journal",
                                        "Run 'tidemark verify'."));
    }

    private void sortRows(Source files, Manifest segment, Wanted wanted) throws IOException {
        for (FileRef file : segment.files()) {
            if (file.kind() == FileRef.Kind.CHANGES && wanted.is(file.table(), ANY)) {
                Path changes = files.local(file);
                try {
                    add(file, changes, wanted);
                } finally {
                    Files.deleteIfExists(changes);
                }
            }
        }
        rows = sort.orElseThrow().sorted();
        nextRow = readRow();
        nextOfJournal = readJournal();
    }

    private void add(FileRef file, Path changes, Wanted wanted) throws IOException {
        Recorded recorded = new Recorded(file.table(), file.version());
        try (ChangesReader reader =
                ChangesReader.open(changes, in -> wanted.is(file.table(), in))) {
            for (long n = 0; reader.hasNext(); n++) {
                if ((n & 0x3FFF) == 0) {
                    SegmentMerger.checkGoesOn();
                }
                SortedChange kept = reader.next();
                if (!wanted.is(file.table(), kept.transaction())) {
                    recorded.pass(kept);
                    continue;
                }
                Optional<Change> change = recorded.next(kept);
                if (change.isPresent()) {
                    byte[] key =
                            ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                                    .putInt(kept.transaction())
                                    .putLong(kept.sequence())
                                    .array();
                    sort.orElseThrow().add(key, change.get());
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw TidemarkException.failed(
                    "the archive's file " + file.name() + " does not fit together",
                    "Run 'tidemark verify'.",
                    e);
        }
    }

    private Optional<Next> readRow() {
        if (!rows.hasNext()) {
            return Optional.empty();
        }
        ExternalSort.Item item = rows.next();
        ByteBuffer key = ByteBuffer.wrap(item.key());
        return Optional.of(new Next(key.getInt(), key.getLong(), sort.orElseThrow().change(item)));
    }

    private Optional<Next> readJournal() {
        if (!journal.hasNext()) {
            return Optional.empty();
        }
        Change change = journal.next();
        return Optional.of(new Next(change.transaction(), journal.sequence(), change));
    }

    @Override
    public boolean hasNext() {
        return sort.isEmpty()
                ? journal.hasNext()
                : nextRow.isPresent() || nextOfJournal.isPresent();
    }

    @Override
    public Change next() {
        if (sort.isEmpty()) {
            return journal.next();
        }
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        boolean isRow =
                nextOfJournal.isEmpty()
                        || (nextRow.isPresent() && nextRow.get().isBefore(nextOfJournal.get()));
        Next next = (isRow ? nextRow : nextOfJournal).orElseThrow();
        if (isRow) {
            nextRow = readRow();
        } else {
            nextOfJournal = readJournal();
        }
        return next.change();
    }

    @Override
    public void close() throws IOException {
        try {
            journal.close();
            if (sort.isPresent()) {
                sort.get().close();
            }
        } finally {
            Files.deleteIfExists(local);
        }
    }
}
