package dev.tidemark.archive.merge;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.JournalWriter;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsReader;
import dev.tidemark.archive.parquet.TransactionsWriter;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Writes the files of one segment that has the changes of several that follow each other. For one
 * thread; used once.
 *
 * <p>Memory is bounded, but for rows that got another key: {@link #MOVED_MAX} of a table are
 * remembered. On disk there is room for all changes, compressed, about twice.
 */
public final class SegmentMerger {
    /** A table with more rows that got another key goes on in another file. */
    private static final int MOVED_MAX = 100_000;

    /** Messages after which rows may be others than was told: no line goes on over them. */
    static final Set<String> UNTOLD = Set.of("dirty", "publication");

    private final Archive archive;
    private final Path temporary;
    private final LongConsumer progress;
    private final int movedMax;
    private final CatalogState catalog;
    private final Map<Long, TableLines> tables = new HashMap<>();
    private final Map<Part, Table> shapes = new HashMap<>();
    private final ExternalSort sort;
    private final List<FileRef> files = new ArrayList<>();
    private int transactions;
    private long read;

    /**
     * What one file has: changes of a table in one version, one part after the other.
     *
     * @param part from 0
     */
    record Part(long table, int version, long part) {
        static final Part NONE = new Part(0, 0, 0);

        Part next() {
            return new Part(table, version, part + 1);
        }
    }

    /** The lines of a table in one version. */
    private record TableLines(Part part, Lines lines) {}

    private SegmentMerger(
            Archive archive,
            CatalogState start,
            Path temporary,
            LongConsumer progress,
            int movedMax,
            long memory) {
        this.archive = archive;
        this.catalog = start;
        this.temporary = temporary;
        this.progress = progress;
        this.movedMax = movedMax;
        this.sort = new ExternalSort(temporary, memory);
    }

    /**
     * Merges segments and uploads what comes of it, for the manifest that is committed next.
     *
     * @param before the base or segment that the first follows
     * @param temporary a folder of its own on local disk
     * @param progress hears how many changes were read, again and again
     * @return the journal, the transactions, and a file for each version of a table whose rows
     *     changed
     */
    public static List<FileRef> run(
            Archive archive,
            Manifest before,
            List<Manifest> segments,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return run(
                archive, before, segments, temporary, progress, MOVED_MAX, ExternalSort.memory());
    }

    static List<FileRef> run(
            Archive archive,
            Manifest before,
            List<Manifest> segments,
            Path temporary,
            LongConsumer progress,
            int movedMax,
            long memory)
            throws IOException {
        CatalogState start = CatalogState.goingOn(archive.catalog(before.catalogThere()));
        SegmentMerger merger =
                new SegmentMerger(archive, start, temporary, progress, movedMax, memory);
        try {
            merger.read(segments);
            merger.write();
            return merger.files;
        } catch (IOException | RuntimeException e) {
            try {
                archive.discard(merger.files);
            } catch (IOException f) {
                e.addSuppressed(f); // whoever merges next collects them
            }
            throw e;
        } finally {
            merger.sort.close();
        }
    }

    private void read(List<Manifest> segments) throws IOException {
        JournalWriter journal = JournalWriter.createRest(temporary.resolve("merged-journal"));
        TransactionsWriter records =
                TransactionsWriter.create(temporary.resolve("merged-transactions"));
        try {
            for (Manifest segment : segments) {
                int first = transactions;
                readTransactions(segment, records);
                readChanges(segment, first, journal);
            }
        } catch (IOException | RuntimeException e) {
            journal.discard();
            records.discard();
            throw e;
        }
        long rows = journal.rows();
        Path journalFile = journal.close();
        Path recordsFile = records.close();
        upload(journalFile, "journal.parquet", FileRef.Kind.JOURNAL, rows, Part.NONE);
        upload(
                recordsFile,
                "transactions.parquet",
                FileRef.Kind.TRANSACTIONS,
                transactions,
                Part.NONE);
        progress.accept(read);
    }

    private void readTransactions(Manifest segment, TransactionsWriter records) throws IOException {
        Path local =
                archive.fetch(segment.file(FileRef.Kind.TRANSACTIONS).orElseThrow(), temporary);
        try (TransactionsReader reader = TransactionsReader.open(local)) {
            while (reader.hasNext()) {
                TransactionRecord record = reader.next();
                records.add(record.withIndex(transactions++));
                if ((transactions & 0x3FFF) == 0) {
                    checkGoesOn();
                }
            }
        } finally {
            Files.deleteIfExists(local);
        }
    }

    private void readChanges(Manifest segment, int first, JournalWriter journal)
            throws IOException {
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.ALL, temporary)) {
            int transaction = -1;
            long place = 0;
            while (changes.hasNext()) {
                Change change = changes.next().after(first);
                place = change.transaction() == transaction ? place + 1 : 0;
                transaction = change.transaction();
                take(change, place, journal);
                if ((++read & 0x3FFF) == 0) {
                    checkGoesOn();
                    progress.accept(read);
                }
            }
        }
    }

    private void take(Change change, long place, JournalWriter journal) throws IOException {
        switch (change.entry()) {
            case Entry.Row row -> {
                take(change, row, place);
                return;
            }
            case Entry.Truncate truncate -> truncate.tables().forEach(tables::remove);
            case Entry.Schema schema -> {
                CatalogChange said = CatalogChange.read(schema.content());
                catalog.apply(said);
                said.dropped().forEach(tables::remove);
                said.rewritten().forEach(tables::remove);
            }
            case Entry.Message message when UNTOLD.contains(message.prefix()) -> tables.clear();
            default -> {} // no row
        }
        journal.add(change, place);
    }

    private void take(Change change, Entry.Row row, long place) throws IOException {
        TableLines of = tables.get(row.table());
        if (of == null
                || of.part.version() != change.version()
                || of.lines.remembered() > movedMax) {
            of = begin(table(row, change.version()));
        }
        SortKey key = new SortKey();
        key.add(row.table()).add(change.version()).add(of.part.part());
        of.lines.addTo(key, row);
        key.add(change.transaction()).add(place);
        sort.add(key.bytes(), change);
    }

    private TableLines begin(Table table) {
        Part part = new Part(table.id(), table.version(), 0);
        while (shapes.containsKey(part)) {
            part = part.next();
        }
        shapes.put(part, table);
        TableLines lines = new TableLines(part, new Lines(table));
        tables.put(table.id(), lines);
        return lines;
    }

    private Table table(Entry.Row row, int version) {
        int fields = Math.max(row.before().size(), row.after().size());
        return catalog.table(row.table())
                .filter(table -> table.version() == version)
                .filter(table -> table.stored().size() == fields)
                .orElseThrow(
                        () ->
                                TidemarkException.failed(
                                        "the archive has a change of table %d in version %d with %d fields, which its catalog does not know"
                                                .formatted(row.table(), version, fields),
                                        "Run 'tidemark verify'."));
    }

    private void write() throws IOException {
        try (MergedFiles merged = new MergedFiles(temporary, shapes, sort, this::upload)) {
            var sorted = sort.sorted();
            for (long n = 0; sorted.hasNext(); n++) {
                merged.add(sorted.next());
                if ((n & 0x3FFF) == 0) {
                    checkGoesOn();
                }
            }
            merged.finish();
        }
    }

    static void checkGoesOn() throws InterruptedIOException {
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("interrupted while segments were read or merged");
        }
    }

    private void upload(Path file, String name, FileRef.Kind kind, long rows, Part part)
            throws IOException {
        try {
            files.add(archive.upload(file, name, kind, rows, part.table(), part.version()));
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
