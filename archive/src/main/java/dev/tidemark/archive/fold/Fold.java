package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Follows a plan: reads its journals in commit order up to the cut. For one thread; used once. */
public final class Fold {
    /** The rest is for files that are read and written meanwhile. */
    private static final int HEAP_PART = 3;

    /** The progress is told each time that so many of the lowest bits of the changes are 0. */
    private static final int PROGRESS_BITS = 14;

    /** How often rows are looked for that others were before; then all are read. */
    private static final int RUNS_MAX = 4;

    private final Archive archive;
    private final Path temporary;
    private final Position cut;
    private final FoldRoom room;
    private final Map<Long, TableFold> tables = new TreeMap<>();
    private final CatalogState catalog;
    private final TableStarts starts;
    private final UnknownRows unknown;
    private final FoldMemory memory;
    private boolean sampledAfterCut;
    private final Doubts doubts;
    private final LongPredicate isLeftAlone;
    private final WantedRows wanted;

    private Fold(Archive archive, RestorePlan plan, Asked asked, Path temporary, Catalog start) {
        this.isLeftAlone = asked.isLeftAlone();
        this.wanted = new WantedRows(asked.rows());
        this.archive = archive;
        this.temporary = temporary;
        this.cut = plan.cut().position();
        this.doubts = new Doubts(plan.unreadable());
        this.memory = new FoldMemory(asked.memory(), tables, doubts);
        this.room = new FoldRoom(archive, temporary, asked.memory(), wanted);
        this.catalog =
                plan.base().kind() == Manifest.Kind.BASE
                        ? new CatalogState(start)
                        : CatalogState.goingOn(start);
        this.starts = new TableStarts(archive, temporary, plan.tableBases());
        this.unknown =
                new UnknownRows(
                        archive,
                        temporary,
                        Planner.tableBases(archive.state().stretchOf(plan.base())));
    }

    /**
     * What somebody wants of a database.
     *
     * @param isLeftAlone by its id: is nothing wanted of a table?
     * @param rows of some of the others, by their ids
     * @param memory bytes that changes may take before they go to local disk, nearly
     */
    private record Asked(LongPredicate isLeftAlone, Map<Long, KeyedRows> rows, long memory) {
        static Asked allBut(Set<Long> leftAlone, long memory) {
            return new Asked(leftAlone::contains, Map.of(), memory);
        }

        static Asked only(Set<Long> tables, Map<Long, KeyedRows> rows, long memory) {
            return new Asked(id -> !tables.contains(id), rows, memory);
        }
    }

    /**
     * The database at the plan's cut.
     *
     * @param temporary a folder for files while they are read; the caller deletes it
     * @param progress hears how many changes were read, again and again
     * @throws TidemarkException when a file is damaged, or a table's rows are not known at the cut;
     *     files that are read with a table's rows are not looked at before
     */
    public static FoldedDatabase run(
            Archive archive, RestorePlan plan, Path temporary, LongConsumer progress)
            throws IOException {
        return run(archive, plan, Set.of(), temporary, progress);
    }

    /**
     * The same without the rows of some tables.
     *
     * @param withoutRows names of tables at the cut, {@code schema.name}; their rows may be unknown
     * @throws TidemarkException also when one of them does not exist there, or holds no rows
     */
    public static FoldedDatabase run(
            Archive archive,
            RestorePlan plan,
            Set<String> withoutRows,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return run(archive, plan, withoutRows, memory(), temporary, progress);
    }

    /**
     * The same in other memory.
     *
     * @param memory bytes that changes may take before they go to local disk, nearly
     */
    public static FoldedDatabase run(
            Archive archive,
            RestorePlan plan,
            Set<String> withoutRows,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.allBut(Set.of(), memory);
        Fold fold = followed(archive, plan, asked, temporary, progress);
        return fold.end().database(plan, withoutRows);
    }

    /** What changes may take where a fold is all that happens, in bytes. */
    public static long memory() {
        return Runtime.getRuntime().maxMemory() / HEAP_PART;
    }

    private static Fold followed(
            Archive archive, RestorePlan plan, Asked asked, Path temporary, LongConsumer progress)
            throws IOException {
        Catalog start = catalog(archive, plan.base().catalogThere());
        Fold fold = new Fold(archive, plan, asked, temporary, start);
        fold.open(start, plan);
        // A file tells of more rows than changes.
        fold.read(plan, read -> progress.accept(Math.min(read, plan.changes())));
        return fold;
    }

    /**
     * The same without the rows that are not known: {@link FoldedDatabase#withoutRows} names the
     * tables.
     *
     * @param leftAlone ids of tables whose rows nobody will ask for: their changes are not read
     */
    public static FoldedDatabase runKnown(
            Archive archive,
            RestorePlan plan,
            Set<Long> leftAlone,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.allBut(leftAlone, memory);
        return followed(archive, plan, asked, temporary, progress).end().ofKnown(plan);
    }

    /**
     * The same of some tables only: the others are in the catalog, but neither are their changes
     * and files read nor does it matter whether their rows are known.
     *
     * @param chosen ids of those tables
     * @param withoutRows as in {@link #run}, of the chosen tables
     */
    public static FoldedDatabase runPart(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Set<String> withoutRows,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.only(chosen, Map.of(), memory());
        Fold fold = followed(archive, plan, asked, temporary, progress);
        return fold.end().database(plan, withoutRows, asked.isLeftAlone());
    }

    /**
     * The same of some rows only: those that are wanted come as they would in {@link #runPart}, and
     * others may come or not.
     *
     * @param rows by the table's id; of chosen tables that are not here come all
     */
    public static FoldedDatabase runRows(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Map<Long, KeyedRows> rows,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return runRows(archive, plan, chosen, rows, memory(), temporary, progress);
    }

    /** The same in other memory. */
    static FoldedDatabase runRows(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Map<Long, KeyedRows> rows,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.only(chosen, rows, memory);
        for (int n = 1; ; n++) {
            Map<Long, KeyedRows> next = Map.of();
            try {
                Fold fold = followed(archive, plan, asked, temporary, progress);
                if (fold.wanted.isEnough()) {
                    return fold.end().database(plan, Set.of(), asked.isLeftAlone());
                }
                next = n < RUNS_MAX ? fold.wanted.next() : next;
            } catch (TidemarkException | IndexOutOfBoundsException e) {
                // Parts of a table whose key became another one on the way may not fit together.
                if (asked.rows().isEmpty()) {
                    throw e;
                }
            }
            asked = new Asked(asked.isLeftAlone(), next, asked.memory());
        }
    }

    private FoldEnd end() {
        return new FoldEnd(catalog.catalog(), tables.values(), doubts, unknown);
    }

    /** Reads a catalog that a manifest names. */
    public static Catalog catalog(Archive archive, FileRef file) throws IOException {
        return archive.catalog(file);
    }

    private void open(Catalog start, RestorePlan plan) {
        Map<Long, List<FileRef>> ofTables =
                plan.base().files().stream()
                        .filter(file -> file.kind() == FileRef.Kind.BASE)
                        .collect(Collectors.groupingBy(FileRef::table));
        for (Table table : start.tables()) {
            List<BaseFile> rows = new ArrayList<>();
            boolean isLost = doubts.isUnreadable(ofTables.getOrDefault(table.id(), List.of()));
            if (isLost) {
                doubts.lose(table.id());
            } else if (!starts.isWaiting(table.id()) && !isLeftAlone.test(table.id())) {
                for (FileRef file : ofTables.getOrDefault(table.id(), List.of())) {
                    rows.add(new BaseFile.Archived(file, table));
                }
            }
            wanted.become(table);
            tables.put(table.id(), new TableFold(table, rows, room));
            if (table.rewritten()) {
                unknown.beginBefore(table.id());
            }
        }
    }

    private void read(RestorePlan plan, LongConsumer progress) throws IOException {
        long read = 0;
        for (int i = 0; i < plan.segments().size(); i++) {
            boolean last = i == plan.segments().size() - 1;
            int transactions = last ? plan.cut().transactions() : Integer.MAX_VALUE;
            starts.enter(plan.segments().get(i));
            read = readChanges(plan.segments().get(i), transactions, read, progress);
        }
        start(starts.takeRest());
        for (Manifest following : plan.following()) {
            if (!sampledAfterCut) {
                readChanges(following, 0, read, progress);
            }
        }
        progress.accept(read);
    }

    private long readChanges(
            Manifest segment, int transactions, long readBefore, LongConsumer progress)
            throws IOException {
        LineFold lines = new LineFold(readBefore, progress);
        Set<Long> lost = doubts.lost(segment);
        lost.forEach(doubts::lose);
        Set<Long> done =
                new SegmentLines(archive, segment, transactions, memory.isLarge(), temporary)
                        .read(readableByLine(), lines);
        SegmentChanges.Wanted wanted =
                transactions == 0
                        ? SegmentChanges.Wanted.NO_ROWS
                        : (table, transaction) ->
                                transaction < transactions
                                        && !done.contains(table)
                                        && !isLeftAlone.test(table)
                                        && !lost.contains(table);
        ChangeFold rest = new ChangeFold(segment, transactions, lines.read, progress);
        try (SegmentChanges changes = SegmentChanges.open(archive, segment, wanted, temporary)) {
            if (memory.isLarge() && transactions == Integer.MAX_VALUE) {
                try (Pipe<Change> pipe = Pipe.ofChanges(rest::take)) {
                    while (changes.hasNext()) {
                        pipe.add(changes.next());
                    }
                    pipe.finish();
                }
            } else {
                while (changes.hasNext() && !rest.isOver) {
                    rest.take(changes.next());
                }
            }
        }
        lost.stream().filter(tables::containsKey).forEach(doubts::lose); // whatever it told of them
        return rest.read;
    }

    /** Follows changes in commit order. For one thread at a time. */
    private final class ChangeFold {
        private final Manifest segment;
        private final int transactions;
        private final LongConsumer progress;
        private long read;
        private boolean isOver;

        ChangeFold(Manifest segment, int transactions, long read, LongConsumer progress) {
            this.segment = segment;
            this.transactions = transactions;
            this.read = read;
            this.progress = progress;
        }

        void take(Change change) throws IOException {
            if (change.transaction() >= transactions) {
                if (change.entry() instanceof Entry.Sequences sample) {
                    // Sequences are not transactional: only a sample that was read after the
                    // cut is sure to hold what was handed out before it.
                    SequenceSamples said = SequenceSamples.read(sample.content());
                    catalog.sample(said.sequences());
                    sampledAfterCut = said.holdsAllUpTo(cut);
                    isOver = sampledAfterCut;
                }
                return;
            }
            start(starts.takeBefore(change.transaction()));
            apply(change, segment);
            if ((++read & (1 << PROGRESS_BITS) - 1) == 0) {
                progress.accept(read);
            }
        }
    }

    /** Tables of which every change fits, as far as anybody knows. */
    private Map<Long, TableFold> readableByLine() {
        Map<Long, TableFold> readable = new TreeMap<>();
        if (doubts.isExact()) {
            readable.putAll(tables);
            readable.keySet().removeIf(isLeftAlone::test);
            readable.keySet()
                    .removeIf(id -> doubts.areOf(id) || starts.isWaiting(id) || isUnknown(id));
        }
        return readable;
    }

    /** Follows lines of rows within the memory. */
    private final class LineFold implements SegmentLines.Sink {
        private final LongConsumer progress;
        private long read;

        LineFold(long read, LongConsumer progress) {
            this.read = read;
            this.progress = progress;
        }

        @Override
        public Optional<Overlay.Arrival> line(TableFold table, RowLine line) throws IOException {
            long before = table.bytes();
            Optional<RowLine> mine = wanted.of(table.table().id(), line);
            Optional<Overlay.Arrival> arrival =
                    mine.isPresent() ? table.apply(mine.get()) : Optional.empty();
            memory.grew(table.bytes() - before);
            long next = read + line.changes();
            if (next >> PROGRESS_BITS > read >> PROGRESS_BITS) {
                progress.accept(next);
            }
            read = next;
            return arrival;
        }

        @Override
        public void deferred(FileRef file) {
            read += file.rows();
            progress.accept(read);
        }

        @Override
        public void arrival(TableFold table, Overlay.Arrival row) throws IOException {
            long before = table.bytes();
            table.arrive(row);
            memory.grew(table.bytes() - before);
        }
    }

    private void start(List<TableBase> bases) {
        for (TableBase base : bases) {
            if (doubts.isUnreadable(base.files())) {
                doubts.lose(base.table());
                continue;
            }
            fold(base.table()).startFrom(isLeftAlone.test(base.table()) ? List.of() : base.files());
            doubts.endOf(base.table());
            catalog.known(base.table());
            unknown.end(base.table());
        }
    }

    private void apply(Change change, Manifest segment) throws IOException {
        switch (change.entry()) {
            case Entry.Row row -> {
                // Rows that are not known stay so until they are told anew.
                if (!starts.isWaiting(row.table())
                        && !isLeftAlone.test(row.table())
                        && (row.operation() == Operation.REWRITE || !isUnknown(row.table()))) {
                    apply(row, change.version());
                }
            }
            case Entry.Truncate truncate -> fold(truncate.tables().getFirst()).truncate();
            case Entry.Schema schema -> {
                CatalogChange said = CatalogChange.read(schema.content());
                apply(said);
                note(said, segment, change.transaction());
            }
            case Entry.Sequences sequences ->
                    catalog.sample(SequenceSamples.read(sequences.content()).sequences());
            case Entry.Message message when Doubts.speaksOf(message) -> {
                doubts.note(message);
                wanted.giveUp();
            }
            default -> {} // says nothing about rows
        }
    }

    private void apply(Entry.Row row, int version) throws IOException {
        if (doubts.areOf(row.table())) {
            return;
        }
        Optional<Entry.Row> mine = wanted.of(row);
        if (mine.isEmpty()) {
            return;
        }
        long grown = 0;
        try {
            TableFold fold = fold(row.table());
            long before = fold.bytes();
            fold.apply(mine.get(), version);
            grown = fold.bytes() - before;
        } catch (TidemarkException e) {
            doubts.bear(row.table(), e);
        }
        memory.grew(grown);
    }

    private boolean isUnknown(long table) {
        return catalog.table(table).map(Table::rewritten).orElse(false);
    }

    private void apply(CatalogChange change) throws IOException {
        if (change.reread()) {
            doubts.toldAnew();
        }
        for (long id : change.rewritten()) {
            doubts.endOf(id);
            if (tables.containsKey(id)) {
                fold(id).truncate(); // they are told again, or stay unknown
            }
        }
        for (Table next : catalog.apply(change)) {
            wanted.become(next);
            TableFold fold = tables.get(next.id());
            if (fold == null) {
                tables.put(next.id(), new TableFold(next, List.of(), room));
            } else {
                reshape(fold, next);
            }
        }
        change.dropped().forEach(tables::remove);
        doubts.retain(tables.keySet());
    }

    /** A new key needs the rows so far, so that those that do not fit may show here first. */
    private void reshape(TableFold fold, Table next) throws IOException {
        try {
            fold.reshape(next);
        } catch (TidemarkException e) {
            doubts.bear(next.id(), e);
            fold.truncate();
            fold.reshape(next);
        }
    }

    /** Notes since when rows are unknown. */
    private void note(CatalogChange change, Manifest segment, int transaction) {
        Stream.concat(
                        change.tables().stream().map(Table::id),
                        Stream.concat(change.rewritten().stream(), change.restated().stream()))
                .forEach(
                        id -> {
                            if (isUnknown(id)) {
                                unknown.begin(id, segment, transaction);
                            } else {
                                unknown.end(id);
                            }
                        });
    }

    private TableFold fold(long table) {
        TableFold fold = tables.get(table);
        if (fold == null) {
            throw TidemarkException.failed(
                    "the archive has a change of table "
                            + table
                            + ", which its catalog does not know",
                    "Run 'tidemark verify'.");
        }
        return fold;
    }
}
