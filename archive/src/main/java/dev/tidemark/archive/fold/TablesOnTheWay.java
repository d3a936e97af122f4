package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The catalog and the tables of a database on their way from a plan's base to its cut. Takes
 * changes in commit order, and of some tables what became of each row in a segment. For one thread
 * at a time.
 */
final class TablesOnTheWay {
    private final Manifest base;
    private final FoldRoom room;
    private final Map<Long, TableFold> tables = new TreeMap<>();
    private final CatalogState catalog;
    private final TableStarts starts;
    private final UnknownRows unknown;
    private final FoldMemory memory;
    private final Doubts doubts;
    private final LongPredicate isLeftAlone;
    private final WantedRows wanted;

    /**
     * @param start the catalog of the plan's base
     */
    TablesOnTheWay(Archive archive, RestorePlan plan, Asked asked, Catalog start) {
        Path temporary = asked.temporary();
        this.base = plan.base();
        this.isLeftAlone = asked.isLeftAlone();
        this.wanted = new WantedRows(asked.rows());
        this.doubts = new Doubts(plan.unreadable());
        this.memory = new FoldMemory(asked.memory(), tables, doubts);
        this.room = new FoldRoom(archive, temporary, asked.memory(), wanted);
        this.catalog =
                base.kind() == Manifest.Kind.BASE
                        ? new CatalogState(start)
                        : CatalogState.goingOn(start);
        this.starts = new TableStarts(archive, temporary, plan.tableBases());
        this.unknown =
                new UnknownRows(
                        archive, temporary, Planner.tableBases(archive.state().stretchOf(base)));
    }

    /** The plan begins, with that catalog. */
    void open(Catalog start) {
        Map<Long, List<FileRef>> ofTables =
                base.files().stream()
                        .filter(file -> file.kind() == FileRef.Kind.BASE)
                        .collect(Collectors.groupingBy(FileRef::table));
        for (Table table : start.tables()) {
            wanted.become(table);
            List<BaseFile> rows = new ArrayList<>();
            boolean isLost = doubts.isUnreadable(ofTables.getOrDefault(table.id(), List.of()));
            if (isLost) {
                doubts.lose(table.id());
            } else if (!starts.isWaiting(table.id()) && !isIgnored(table.id())) {
                for (FileRef file : ofTables.getOrDefault(table.id(), List.of())) {
                    rows.add(new BaseFile.Archived(file, table));
                }
            }
            tables.put(table.id(), new TableFold(table, rows, room));
            if (table.rewritten()) {
                unknown.beginBefore(table.id());
            }
        }
    }

    /**
     * A segment's changes come next.
     *
     * @return tables whose changes in it cannot be read
     */
    Set<Long> enter(Manifest segment) throws IOException {
        starts.enter(segment);
        Set<Long> lost = doubts.lost(segment);
        lost.forEach(doubts::lose);
        return lost;
    }

    /**
     * They all came.
     *
     * @param lost tables whose changes in it could not be read
     */
    void leave(Set<Long> lost) {
        lost.stream().filter(tables::containsKey).forEach(doubts::lose); // whatever it told of them
    }

    /** Every change up to the cut came. */
    void reachCut() throws IOException {
        start(starts.takeRest());
    }

    /** A sample of sequences that was taken after the cut. */
    void sample(SequenceSamples said) {
        catalog.sample(said.sequences());
    }

    /** A folder for files while they are read. */
    Path temporary() {
        return room.temporary();
    }

    /** Is there room for what one thread reads while another takes it? */
    boolean isReadAhead() {
        return memory.isLarge();
    }

    /**
     * Tables that are given up for the segment that comes next. One that may begin anew in it, from
     * a base of its own, is none of them: its changes are read.
     */
    Set<Long> givenUp() {
        return tables.keySet().stream()
                .filter(wanted::isGivenUp)
                .filter(table -> !starts.isWaiting(table))
                .collect(Collectors.toSet());
    }

    private boolean isIgnored(long table) {
        return isLeftAlone.test(table) || wanted.isGivenUp(table);
    }

    /** Does nobody want rows of a table? May be asked by many threads. */
    boolean isLeftAlone(long table) {
        return isLeftAlone.test(table);
    }

    /** What was let through of it. */
    WantedRows wanted() {
        return wanted;
    }

    FoldEnd end() {
        return new FoldEnd(catalog.catalog(), tables.values(), doubts, unknown);
    }

    /** Tables of which every change fits, as far as anybody knows. */
    Map<Long, TableFold> readableByLine() {
        Map<Long, TableFold> readable = new TreeMap<>();
        if (doubts.isExact()) {
            readable.putAll(tables);
            readable.keySet().removeIf(this::isIgnored);
            readable.keySet()
                    .removeIf(id -> doubts.areOf(id) || starts.isWaiting(id) || isUnknown(id));
        }
        return readable;
    }

    /** What became of a row; the row that waits for its key, if it does. */
    Optional<Overlay.Arrival> line(TableFold table, RowLine line) throws IOException {
        long before = table.bytes();
        Optional<RowLine> mine = wanted.of(table.table().id(), line);
        Optional<Overlay.Arrival> arrival =
                mine.isPresent() ? table.apply(mine.get()) : Optional.empty();
        memory.grew(table.bytes() - before);
        return arrival;
    }

    /** A row that waited. */
    void arrival(TableFold table, Overlay.Arrival row) throws IOException {
        if (wanted.isOver(table.table().id())) {
            return; // the row that had its key may not have been told any more
        }
        long before = table.bytes();
        table.arrive(row);
        memory.grew(table.bytes() - before);
    }

    /** The next change of a segment. */
    void take(Change change, Manifest segment) throws IOException {
        start(starts.takeBefore(change.transaction()));
        apply(change, segment);
    }

    private void start(List<TableBase> bases) throws IOException {
        for (TableBase base : bases) {
            if (doubts.isUnreadable(base.files())) {
                doubts.lose(base.table());
                continue;
            }
            TableFold fold = fold(base.table());
            if (doubts.isExact()) {
                wanted.beginAnew(fold.table());
            }
            fold.startFrom(isIgnored(base.table()) ? List.of() : base.files());
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
                        && !isIgnored(row.table())
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
                wanted.giveUpAll();
                for (TableFold fold : tables.values()) {
                    forgetIfGivenUp(fold);
                }
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
            become(next);
        }
        for (long id : change.dropped()) {
            TableFold dropped = tables.remove(id);
            if (dropped != null) {
                dropped.truncate();
            }
        }
        doubts.retain(tables.keySet());
    }

    private void become(Table next) throws IOException {
        wanted.become(next);
        TableFold fold = tables.get(next.id());
        if (fold == null) {
            tables.put(next.id(), new TableFold(next, List.of(), room));
        } else {
            forgetIfGivenUp(fold);
            reshape(fold, next);
        }
    }

    /** Some of its rows may not fit together without the others: nobody looks at them any more. */
    private void forgetIfGivenUp(TableFold fold) throws IOException {
        if (wanted.isGivenUp(fold.table().id())) {
            fold.truncate();
        }
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
