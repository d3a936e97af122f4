package dev.tidemark.archive.merge;

import static java.util.Comparator.comparing;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangesFilter;
import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a segment tells of single rows of a table. Of one that is not merged the rows of the table
 * that changed in it are in memory meanwhile. For one thread.
 */
final class RowsOfSegment {
    /** What became of the row that has a key at the end. */
    sealed interface Told {}

    /** Nothing. */
    record Nothing() implements Told {}

    /** No row has the key any more. */
    record Gone() implements Told {}

    /**
     * What it is.
     *
     * @param fields known ones, and others
     * @param before its key at the beginning; empty when it was born here
     */
    record Last(List<Value> fields, Optional<List<Value>> before) implements Told {}

    private final Archive archive;
    private final Manifest segment;
    private final Table table;
    private final Path temporary;

    RowsOfSegment(Archive archive, Manifest segment, Table table, Path temporary) {
        this.archive = archive;
        this.segment = segment;
        this.table = table;
        this.temporary = temporary;
    }

    /** The fields of a row's key, in the key's order. */
    static List<Value> key(Table table, List<Value> row) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return table.key().stream().map(id -> row.get(stored.indexOf(id))).toList();
    }

    /** Does it tell more of the table than changes of its rows in this version? */
    boolean saysMore() throws IOException {
        boolean isOther =
                segment.files().stream()
                        .filter(this::isOfTable)
                        .anyMatch(file -> file.version() != table.version());
        if (isOther) {
            return true;
        }
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
            while (changes.hasNext()) {
                if (saysMore(changes.next())) {
                    return true;
                }
            }
            return false;
        }
    }

    private boolean saysMore(Change change) {
        return switch (change.entry()) {
            case Entry.Row row -> row.table() == table.id() && change.version() != table.version();
            case Entry.Truncate truncate -> truncate.tables().contains(table.id());
            case Entry.Schema schema -> {
                CatalogChange said = CatalogChange.read(schema.content());
                yield said.reread()
                        || said.tables().stream().anyMatch(one -> one.id() == table.id())
                        || said.rewritten().contains(table.id())
                        || said.restated().contains(table.id())
                        || said.dropped().contains(table.id());
            }
            case Entry.Message message -> SegmentMerger.UNTOLD.contains(message.prefix());
            default -> false;
        };
    }

    private boolean isOfTable(FileRef file) {
        return file.kind() == FileRef.Kind.CHANGES && file.table() == table.id();
    }

    /**
     * What it tells, the latest part first: who needs more takes the next one, with the key that
     * the row had before.
     *
     * @param key at the end
     */
    List<Told> of(List<Value> key) throws IOException {
        if (segment.kind() != Manifest.Kind.MERGED_SEGMENT) {
            return List.of(inJournal(key));
        }
        List<Told> all = new ArrayList<>();
        List<Value> wanted = key;
        for (FileRef file :
                segment.files().stream()
                        .filter(this::isOfTable)
                        .sorted(comparing(FileRef::name).reversed())
                        .toList()) {
            Told told = inFile(file, wanted);
            all.add(told);
            if (told instanceof Gone) {
                break;
            }
            if (told instanceof Last last) {
                if (last.before().isEmpty()) {
                    break;
                }
                wanted = last.before().get();
            }
        }
        return all;
    }

    private Told inFile(FileRef file, List<Value> key) throws IOException {
        Path local = archive.fetch(file, temporary);
        try {
            if (!ChangesFilter.mayHold(local, table, key)) {
                return new Nothing();
            }
            try (ChangesReader reader = ChangesReader.open(local, any -> true)) {
                return inLines(reader, key);
            }
        } finally {
            Files.deleteIfExists(local);
        }
    }

    /** At most one line ends with a row that has the key. */
    private Told inLines(Iterator<SortedChange> changes, List<Value> key) {
        boolean isTouched = false;
        Optional<SortedChange> first = Optional.empty();
        Optional<SortedChange> last = Optional.empty();
        while (changes.hasNext()) {
            SortedChange next = changes.next();
            if (next.isFirst()) {
                if (last.filter(one -> isAlive(one, key)).isPresent()) {
                    return last(first.orElseThrow(), last.get());
                }
                first = Optional.of(next);
            }
            isTouched |= key(table, next.fields()).equals(key);
            last = Optional.of(next);
        }
        if (last.filter(one -> isAlive(one, key)).isPresent()) {
            return last(first.orElseThrow(), last.get());
        }
        return isTouched ? new Gone() : new Nothing();
    }

    private boolean isAlive(SortedChange last, List<Value> key) {
        return !last.operation().equals(Optional.of(Operation.DELETE))
                && key(table, last.fields()).equals(key);
    }

    private Last last(SortedChange first, SortedChange last) {
        boolean isBirth =
                first.operation()
                        .filter(one -> one == Operation.INSERT || one == Operation.REWRITE)
                        .isPresent();
        return new Last(
                last.fields(),
                isBirth ? Optional.empty() : Optional.of(key(table, first.fields())));
    }

    private Told inJournal(List<Value> key) throws IOException {
        Map<List<Value>, Told> rows = new HashMap<>();
        try (SegmentChanges changes =
                SegmentChanges.open(
                        archive, segment, (id, transaction) -> id == table.id(), temporary)) {
            while (changes.hasNext()) {
                if (changes.next().entry() instanceof Entry.Row row && row.table() == table.id()) {
                    follow(row, rows);
                }
            }
        }
        return rows.getOrDefault(key, new Nothing());
    }

    private void follow(Entry.Row row, Map<List<Value>, Told> rows) {
        switch (row.operation()) {
            case INSERT, REWRITE ->
                    rows.put(key(table, row.after()), new Last(row.after(), Optional.empty()));
            case DELETE -> rows.put(key(table, row.before()), new Gone());
            case UPDATE -> {
                List<Value> is = key(table, row.after());
                List<Value> was = row.before().isEmpty() ? is : key(table, row.before());
                Told before = rows.getOrDefault(was, new Nothing());
                if (!was.equals(is)) {
                    rows.put(was, new Gone());
                }
                rows.put(is, updated(row, was, before));
            }
        }
    }

    private static Last updated(Entry.Row row, List<Value> was, Told before) {
        List<Value> fields = new ArrayList<>(row.after());
        Optional<List<Value>> start = Optional.of(was);
        Optional<List<Value>> older = Optional.empty();
        if (before instanceof Last last) {
            start = last.before();
            older = Optional.of(last.fields());
        } else if (!row.before().isEmpty()) {
            older = Optional.of(row.before());
        }
        for (int i = 0; older.isPresent() && i < fields.size(); i++) {
            if (!fields.get(i).isKnown()) {
                fields.set(i, older.get().get(i));
            }
        }
        return new Last(fields, start);
    }
}
