package dev.tidemark.archive.merge;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.archive.parquet.JournalReader;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What a segment, merged or not, tells of one table: of the table as a whole, and of its rows by
 * their keys. Of a merged one only the parts are read in which a key may be. Files are fetched when
 * they are needed, once, and are gone when it is closed. For one thread.
 */
public final class TableInSegment implements AutoCloseable {
    /**
     * A change of the segment.
     *
     * @param sequence tells the order of those of one transaction
     */
    public record Placed(long sequence, Change change) implements Comparable<Placed> {
        @Override
        public int compareTo(Placed other) {
            int order = Integer.compare(change.transaction(), other.change.transaction());
            return order != 0 ? order : Long.compare(sequence, other.sequence);
        }
    }

    private static final int ROWS_BITS = 40; // of a sequence: as many as a journal may have

    private final Archive archive;
    private final Manifest segment;
    private final long table;
    private final Path temporary;
    private final Map<FileRef, Path> fetched = new HashMap<>();

    private TableInSegment(Archive archive, Manifest segment, long table, Path temporary) {
        this.archive = archive;
        this.segment = segment;
        this.table = table;
        this.temporary = temporary;
    }

    /** Opens a segment; reads nothing yet. */
    public static TableInSegment open(
            Archive archive, Manifest segment, long table, Path temporary) {
        return new TableInSegment(archive, segment, table, temporary);
    }

    private boolean isMerged() {
        return segment.kind() == Manifest.Kind.MERGED_SEGMENT;
    }

    /** Truncations of the table, and schema changes that name it, in commit order. */
    public List<Placed> whole() throws IOException {
        Path journal = local(SegmentChanges.journal(segment));
        List<Placed> whole = new ArrayList<>();
        try (JournalReader changes =
                isMerged()
                        ? JournalReader.openOfTables(journal)
                        : JournalReader.openRest(journal)) {
            for (long others = 1; changes.hasNext(); others++) {
                Change change = changes.next();
                if (isOfTable(change.entry())) {
                    long sequence = isMerged() ? changes.sequence() : others << ROWS_BITS;
                    whole.add(new Placed(sequence, change));
                }
            }
        }
        return whole;
    }

    private boolean isOfTable(Entry entry) {
        return switch (entry) {
            case Entry.Truncate truncate -> truncate.tables().contains(table);
            case Entry.Schema schema -> names(CatalogChange.read(schema.content()));
            default -> false;
        };
    }

    private boolean names(CatalogChange said) {
        return said.tables().stream().anyMatch(one -> one.id() == table)
                || said.rewritten().contains(table)
                || said.restated().contains(table)
                || said.dropped().contains(table);
    }

    /**
     * The changes of rows that have one of some keys before or after it, in commit order.
     *
     * @param keys the fields of each, in the order of the table's key
     * @param shapes the table in a version; empty where it has another key than these
     */
    public List<Placed> rows(Set<List<Value>> keys, IntFunction<Optional<Table>> shapes)
            throws IOException {
        if (!isMerged()) {
            return inJournal(keys, shapes);
        }
        List<Placed> rows = new ArrayList<>();
        for (FileRef file : segment.files()) {
            if (file.kind() == FileRef.Kind.CHANGES && file.table() == table) {
                Optional<Table> shape = shapes.apply(file.version());
                if (shape.isPresent()) {
                    addRows(file, keys, shape.get(), rows);
                }
            }
        }
        rows.sort(null);
        return rows;
    }

    private List<Placed> inJournal(Set<List<Value>> keys, IntFunction<Optional<Table>> shapes)
            throws IOException {
        Path journal = local(SegmentChanges.journal(segment));
        List<Placed> rows = new ArrayList<>();
        try (JournalReader changes =
                JournalReader.open(journal, (id, transaction) -> id == table)) {
            for (long sequence = 0; changes.hasNext(); ) {
                Change change = changes.next();
                if (change.entry() instanceof Entry.Row row) {
                    sequence++;
                    Optional<Table> shape =
                            row.table() == table
                                    ? shapes.apply(change.version())
                                    : Optional.empty();
                    if (shape.isPresent() && isOf(keys, KeyMove.of(shape.get(), row))) {
                        rows.add(new Placed(sequence, change));
                    }
                } else {
                    sequence = ((sequence >> ROWS_BITS) + 1) << ROWS_BITS;
                }
            }
        }
        return rows;
    }

    private static boolean isOf(Set<List<Value>> keys, KeyMove move) {
        return move.was().filter(keys::contains).isPresent()
                || move.is().filter(keys::contains).isPresent();
    }

    private void addRows(FileRef file, Set<List<Value>> keys, Table shape, List<Placed> rows)
            throws IOException {
        Recorded recorded = new Recorded(table, file.version());
        try (ChangesReader reader = ChangesReader.ofKeys(local(file), shape, keys)) {
            while (reader.hasNext()) {
                SortedChange kept = reader.next();
                Optional<Change> change = recorded.next(kept);
                if (change.isPresent()
                        && isOf(keys, KeyMove.of(shape, (Entry.Row) change.get().entry()))) {
                    rows.add(new Placed(kept.sequence(), change.get()));
                }
            }
        } catch (IndexOutOfBoundsException e) {
            throw TidemarkException.failed(
                    "the archive's file " + file.name() + " does not fit together",
                    "Run 'tidemark verify'.",
                    e);
        }
    }

    private Path local(FileRef file) throws IOException {
        Path known = fetched.get(file);
        if (known != null) {
            return known;
        }
        Path local = archive.fetch(file, temporary);
        fetched.put(file, local);
        return local;
    }

    @Override
    public void close() throws IOException {
        for (Path local : fetched.values()) {
            Files.deleteIfExists(local);
        }
    }
}
