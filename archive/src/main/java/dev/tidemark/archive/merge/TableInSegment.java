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
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

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
    private static final long SMALL_ROWS = 1_000; // a segment of some seconds has fewer
    private static final long SMALL_BYTES = 4L << 20; // of the table's fields

    private final Archive archive;
    private final Manifest segment;
    private final long table;
    private final Path temporary;
    private final Map<FileRef, Path> fetched = new HashMap<>();
    private Optional<List<Placed>> small = Optional.empty(); // once it was needed
    private boolean isSmall; // as far as is known

    private TableInSegment(Archive archive, Manifest segment, long table, Path temporary) {
        this.archive = archive;
        this.segment = segment;
        this.table = table;
        this.temporary = temporary;
        this.isSmall = !isMerged() && SegmentChanges.journal(segment).rows() <= SMALL_ROWS;
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
        if (isMerged()) {
            return whole(JournalReader.openOfTables(journal), JournalReader::sequence);
        }
        Optional<List<Placed>> all = small();
        if (all.isPresent()) {
            return all.get().stream().filter(one -> isOfTable(one.change().entry())).toList();
        }
        Order order = new Order();
        return whole(JournalReader.openRest(journal), reader -> order.next());
    }

    private List<Placed> whole(JournalReader opened, ToLongFunction<JournalReader> sequences)
            throws IOException {
        List<Placed> whole = new ArrayList<>();
        try (JournalReader changes = opened) {
            while (changes.hasNext()) {
                Change change = changes.next();
                long sequence = sequences.applyAsLong(changes);
                if (isOfTable(change.entry())) {
                    whole.add(new Placed(sequence, change));
                }
            }
        }
        return whole;
    }

    /**
     * Rows of the table, and all that is no row, of a segment that is read at once; empty where
     * that would be too much.
     */
    private Optional<List<Placed>> small() throws IOException {
        if (isSmall) {
            if (small.isEmpty()) {
                small = read();
            }
            isSmall = small.isPresent();
        }
        return small;
    }

    private Optional<List<Placed>> read() throws IOException {
        List<Placed> all = new ArrayList<>();
        Order order = new Order();
        long bytes = 0;
        try (JournalReader changes = ofTable()) {
            while (changes.hasNext()) {
                Change change = changes.next();
                all.add(new Placed(order.next(change), change));
                bytes += change.entry() instanceof Entry.Row row ? bytes(row) : 0;
                if (bytes > SMALL_BYTES) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(all);
    }

    private static long bytes(Entry.Row row) {
        return Stream.concat(row.before().stream(), row.after().stream())
                .mapToLong(
                        value ->
                                switch (value) {
                                    case Value.Text text -> text.utf8().length;
                                    case Value.Large large -> large.utf8().remaining();
                                    case Value.Mark mark -> 0;
                                })
                .sum();
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
        Predicate<Change> isWanted =
                change ->
                        change.entry() instanceof Entry.Row row
                                && row.table() == table
                                && shapes.apply(change.version())
                                        .filter(shape -> isOf(keys, KeyMove.of(shape, row)))
                                        .isPresent();
        Optional<List<Placed>> all = small();
        if (all.isPresent()) {
            return all.get().stream().filter(one -> isWanted.test(one.change())).toList();
        }
        List<Placed> rows = new ArrayList<>();
        Order order = new Order();
        try (JournalReader changes = ofTable()) {
            while (changes.hasNext()) {
                Change change = changes.next();
                long sequence = order.next(change);
                if (isWanted.test(change)) {
                    rows.add(new Placed(sequence, change));
                }
            }
        }
        return rows;
    }

    private JournalReader ofTable() throws IOException {
        return JournalReader.open(
                local(SegmentChanges.journal(segment)), (id, transaction) -> id == table);
    }

    /**
     * Sequences in a journal that does not say them: what is no row has the same whether rows were
     * read or not.
     */
    private static final class Order {
        private long sequence;

        long next(Change change) {
            return change.entry() instanceof Entry.Row ? ++sequence : next();
        }

        /** That of what is no row. */
        long next() {
            sequence = ((sequence >> ROWS_BITS) + 1) << ROWS_BITS;
            return sequence;
        }
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
