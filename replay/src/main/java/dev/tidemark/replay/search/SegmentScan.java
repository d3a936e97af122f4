package dev.tidemark.replay.search;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.archive.parquet.JournalReader;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Reads what one segment tells of the rows of some tables: of a merged one line by line, which is
 * no order of time. For one thread; used once.
 */
final class SegmentScan {
    private static final int CHANGES_PER_LOOK = 0x3FFF;

    /** Takes what is read. */
    interface Sink extends SegmentRows.Sink {
        /** All rows of a table went. */
        void truncated(Place place, Table table) throws IOException;
    }

    /**
     * Which part of the segment is read, and with what is known from before.
     *
     * @param number of the segment
     * @param catalog as of its beginning; moves on to its end
     * @param isCarried is what rows are at its end needed after it?
     */
    record Course(
            int number,
            Between.Part part,
            CatalogState catalog,
            LastRows last,
            boolean isCarried) {}

    /** What it reads with. */
    record Reading(Archive archive, Path temporary, LongConsumer progress) {}

    /**
     * Something after which what was told of rows before says nothing of them; of all tables when
     * empty.
     */
    private record Barrier(Place place, Set<Long> tables) {}

    private final Reading reading;
    private final Course course;
    private final Wanted wanted;
    private final Sink sink;
    private final Map<List<Long>, Table> shapes = new HashMap<>(); // by id and version
    private final List<Barrier> barriers = new ArrayList<>();
    private final Map<Long, Integer> passed = new HashMap<>(); // of the barriers, by table
    private final IdentityHashMap<Table, SegmentRows> rows =
            new IdentityHashMap<>(); // of large records
    private long read;

    SegmentScan(Reading reading, Course course, Wanted wanted, Sink sink) {
        this.reading = reading;
        this.course = course;
        this.wanted = wanted;
        this.sink = sink;
    }

    void run() throws IOException {
        course.catalog().catalog().tables().forEach(this::remember);
        FileRef journal =
                course.part()
                        .segment()
                        .file(FileRef.Kind.JOURNAL)
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                course.part().segment().name()
                                                        + " names no journal",
                                                "Run 'tidemark verify'."));
        Path local = reading.archive().fetch(journal, reading.temporary());
        try {
            if (course.part().segment().kind() == Manifest.Kind.MERGED_SEGMENT) {
                readWholes(local);
                readLines();
            } else {
                readJournal(local);
            }
        } finally {
            Files.deleteIfExists(local);
        }
    }

    private void remember(Table table) {
        shapes.put(List.of(table.id(), (long) table.version()), table);
        course.last().become(table);
    }

    private boolean isOver(int transaction) {
        return transaction >= course.part().end();
    }

    private boolean isBefore(int transaction) {
        return transaction < course.part().first();
    }

    private SegmentRows rows(Table table) {
        return rows.computeIfAbsent(
                table,
                one ->
                        new SegmentRows(
                                new SegmentRows.Course(
                                        course.last(),
                                        this::isBefore,
                                        isCarried(one) && wanted.needsBefore(one)),
                                one,
                                places(one),
                                sink));
    }

    /** A line has all of its file; in commit order each change needs those before it. */
    private boolean isCarried(Table table) {
        Manifest segment = course.part().segment();
        return course.isCarried()
                || segment.kind() != Manifest.Kind.MERGED_SEGMENT
                || segment.files().stream()
                                .filter(file -> file.kind() == FileRef.Kind.CHANGES)
                                .filter(file -> file.table() == table.id())
                                .count()
                        > 1;
    }

    private int[] places(Table table) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return wanted.columns(table).stream().mapToInt(stored::indexOf).sorted().toArray();
    }

    /** What the segment says of others than rows. */
    private void take(Place place, Change change) throws IOException {
        switch (change.entry()) {
            case Entry.Truncate truncate -> {
                for (long table : truncate.tables()) {
                    barriers.add(new Barrier(place, Set.of(table)));
                    Optional<Table> shape = course.catalog().table(table);
                    if (shape.filter(wanted::isWanted).isPresent()
                            && !isBefore(place.transaction())) {
                        sink.truncated(place, shape.get());
                    }
                }
            }
            case Entry.Schema schema -> {
                CatalogChange said = CatalogChange.read(schema.content());
                Set<Long> ended = new HashSet<>(said.dropped());
                ended.addAll(said.rewritten());
                said.tables().stream()
                        .filter(this::hasOtherKey)
                        .forEach(one -> ended.add(one.id()));
                if (!ended.isEmpty()) {
                    barriers.add(new Barrier(place, ended));
                }
                course.catalog().apply(said).forEach(this::remember);
            }
            case Entry.Message message when UNTOLD.contains(message.prefix()) ->
                    barriers.add(new Barrier(place, Set.of()));
            default -> {} // says nothing of rows
        }
    }

    /** Rows are known by their keys. */
    private boolean hasOtherKey(Table next) {
        return course.catalog()
                .table(next.id())
                .filter(before -> !before.key().equals(next.key()))
                .isPresent();
    }

    /** Messages after which rows may have changed without a word. */
    private static final Set<String> UNTOLD = Set.of("dirty", "publication");

    private void readWholes(Path journal) throws IOException {
        try (JournalReader changes = JournalReader.open(journal)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                if (!isOver(change.transaction())) {
                    take(
                            new Place(course.number(), change.transaction(), changes.sequence()),
                            change);
                }
            }
        }
    }

    private void readLines() throws IOException {
        List<FileRef> files =
                course.part().segment().files().stream()
                        .filter(file -> file.kind() == FileRef.Kind.CHANGES)
                        .filter(this::isWanted)
                        .sorted(
                                Comparator.comparingLong(FileRef::table)
                                        .thenComparingInt(FileRef::version)
                                        .thenComparing(FileRef::name))
                        .toList();
        for (FileRef file : files) {
            Table shape = shape(file.table(), file.version());
            Path local = reading.archive().fetch(file, reading.temporary());
            try (ChangesReader changes = wanted.open(local, shape)) {
                readLines(changes, shape);
            } catch (IndexOutOfBoundsException e) {
                throw TidemarkException.failed(
                        "the archive's file " + file.name() + " does not fit together",
                        "Run 'tidemark verify'.",
                        e);
            } finally {
                Files.deleteIfExists(local);
            }
        }
        for (Table table : Set.copyOf(shapes.values())) {
            pass(table.id(), new Place(Integer.MAX_VALUE, 0, 0));
        }
    }

    private boolean isWanted(FileRef file) {
        Table shape = shapes.get(List.of(file.table(), (long) file.version()));
        return shape != null && wanted.isWanted(shape);
    }

    private Table shape(long table, int version) {
        return Optional.ofNullable(shapes.get(List.of(table, (long) version)))
                .orElseThrow(
                        () ->
                                TidemarkException.failed(
                                        "the archive has changes of table %d in version %d, which its catalog does not know"
                                                .formatted(table, version),
                                        "Run 'tidemark verify'."));
    }

    /** A file lies between two barriers as a whole. */
    private void readLines(ChangesReader changes, Table shape) throws IOException {
        SegmentRows lines = rows(shape);
        boolean isBegun = false;
        while (changes.hasNext()) {
            SortedChange next = changes.next();
            look();
            if (isOver(next.transaction())) {
                continue;
            }
            if (!isBegun) {
                pass(shape.id(), new Place(course.number(), next.transaction(), next.sequence()));
                isBegun = true;
            }
            lines.take(course.number(), next);
        }
        lines.endFile();
        reading.progress().accept(read);
        read = 0;
    }

    /** Comes past the barriers of a table before a place. */
    private void pass(long table, Place next) {
        int at = passed.getOrDefault(table, 0);
        for (; at < barriers.size() && barriers.get(at).place().compareTo(next) < 0; at++) {
            Set<Long> tables = barriers.get(at).tables();
            if (tables.isEmpty() || tables.contains(table)) {
                course.last().breakOff(table);
            }
        }
        passed.put(table, at);
    }

    private void readJournal(Path local) throws IOException {
        Counted counted = new Counted();
        try (JournalReader changes = JournalReader.open(local, counted::is)) {
            while (changes.hasNext()) {
                Change change = changes.next();
                look();
                if (isOver(change.transaction())) {
                    break;
                }
                Place place = new Place(course.number(), change.transaction(), counted.of(change));
                if (change.entry() instanceof Entry.Row row) {
                    Table shape = shape(row.table(), change.version());
                    if (wanted.isWanted(shape)) {
                        takeRow(place, shape, row);
                    }
                } else {
                    take(place, change);
                    for (Barrier barrier : barriers) {
                        breakOff(barrier);
                    }
                    barriers.clear();
                }
            }
        }
        reading.progress().accept(read);
        read = 0;
    }

    private void breakOff(Barrier barrier) {
        if (barrier.tables().isEmpty()) {
            shapes.values().forEach(table -> course.last().breakOff(table.id()));
        } else {
            barrier.tables().forEach(course.last()::breakOff);
        }
    }

    private void takeRow(Place place, Table shape, Entry.Row row) throws IOException {
        Optional<Set<List<Value>>> keys = wanted.keys(shape);
        if (keys.isEmpty()) {
            rows(shape).take(place, row);
            return;
        }
        KeyMove move = KeyMove.of(shape, row);
        if (move.was().filter(keys.get()::contains).isPresent()
                || move.is().filter(keys.get()::contains).isPresent()) {
            rows(shape).take(place, row);
        }
    }

    /** The place of each change in its transaction, also of those that are passed over. */
    private final class Counted {
        private int transaction = -1;
        private long sequence;

        /** Hears of each row, and of no other change. */
        boolean is(long table, int in) {
            count(in);
            return wanted.isWanted(table);
        }

        private void count(int in) {
            sequence = in == transaction ? sequence + 1 : 0;
            transaction = in;
        }

        long of(Change change) {
            if (!(change.entry() instanceof Entry.Row)) {
                count(change.transaction());
            }
            return sequence;
        }
    }

    private void look() throws InterruptedIOException {
        if ((++read & CHANGES_PER_LOOK) == 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while changes were read");
            }
            reading.progress().accept(read);
            read = 0;
        }
    }
}
