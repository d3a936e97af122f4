package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.merge.TableInSegment;
import dev.tidemark.archive.merge.TableInSegment.Placed;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.replay.history.StretchLine.From;
import dev.tidemark.replay.history.StretchLine.KeyBreak;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds a row's life line in one stretch of the archive: from its end to its beginning, since the
 * asked key is one of the end. Reads of each segment what can belong to the line. For one thread.
 */
final class StretchWalk {
    private final Archive archive;
    private final Path temporary;
    private final Stretch stretch;
    private final long table;
    private final List<Integer> keyColumns;
    private final Until until;

    /**
     * @param table its id in the stretch
     * @param keyColumns ids of the columns of the line's key
     */
    StretchWalk(
            Archive archive,
            Path temporary,
            Stretch stretch,
            long table,
            List<Integer> keyColumns,
            Until until) {
        this.archive = archive;
        this.temporary = temporary;
        this.stretch = stretch;
        this.table = table;
        this.keyColumns = List.copyOf(keyColumns);
        this.until = until;
    }

    /** Says when no more has to be read. */
    interface Enough {
        /** Nothing is. */
        Enough NEVER = events -> false;

        /**
         * Is it?
         *
         * @param events that were found in the stretch, the newest first
         */
        boolean is(List<LineEvent> events);
    }

    /** The table at the end of what is read; empty when it is not there. */
    static Optional<Table> tableAt(
            Archive archive, Path temporary, Stretch stretch, long table, Until until)
            throws IOException {
        return new StretchWalk(archive, temporary, stretch, table, List.of(), until).tableAtEnd();
    }

    private Optional<Table> tableAtEnd() throws IOException {
        int last = until.segments() - 1;
        if (until.equals(Until.end(stretch))) {
            return archive.catalog(stretch.catalog()).tables().stream()
                    .filter(this::isTheTable)
                    .findFirst();
        }
        if (last < 0 || until.transactions() == Integer.MAX_VALUE) {
            return stateAfter(last).table(table);
        }
        try (TableInSegment part = open(last)) {
            return shapes(last, wanted(last, part.whole()), Optional.empty()).last();
        }
    }

    private boolean isTheTable(Table one) {
        return one.id() == table;
    }

    private CatalogState stateAfter(int segment) throws IOException {
        return Shapes.after(
                archive,
                segment < 0 ? stretch.base() : stretch.segments().get(segment),
                this::isTheTable);
    }

    private TableInSegment open(int segment) {
        return TableInSegment.open(archive, stretch.segments().get(segment), table, temporary);
    }

    private List<Placed> wanted(int segment, List<Placed> all) {
        return all.stream().filter(isWanted(segment)).toList();
    }

    private Predicate<Placed> isWanted(int segment) {
        return placed -> until.holds(segment, placed.change().transaction());
    }

    /**
     * @param atEnd the table at the segment's end, which counts when it does not change there
     */
    private Shapes shapes(int segment, List<Placed> whole, Optional<Table> atEnd)
            throws IOException {
        boolean isChanged =
                whole.stream().anyMatch(one -> one.change().entry() instanceof Entry.Schema);
        boolean isCut = segment == until.segments() - 1 && until.transactions() < Integer.MAX_VALUE;
        return isChanged || (isCut && atEnd.isEmpty())
                ? Shapes.read(keyColumns, stateAfter(segment - 1), table, whole)
                : Shapes.same(keyColumns, atEnd);
    }

    /** Walks from the end of what is read towards the beginning. */
    StretchLine backwards(List<Value> keyAtEnd, Enough enough) throws IOException {
        List<LineEvent> events = new ArrayList<>(); // the newest first
        List<Value> key = keyAtEnd;
        Optional<Table> shape = tableAtEnd();
        for (int i = until.segments() - 1; i >= 0; i--) {
            try (TableInSegment part = open(i)) {
                List<Placed> whole = wanted(i, part.whole());
                Shapes shapes = shapes(i, whole, shape);
                Predicate<Placed> isOfLine = isWanted(i).and(shapes::isAfterKeyChange);
                SegmentWalk.Found found =
                        shapes.hasKey()
                                ? new SegmentWalk(part, shapes, isOfLine).backwards(key)
                                : new SegmentWalk.Found(List.of(), key);
                List<Placed> ofLine = whole.stream().filter(shapes::isAfterKeyChange).toList();
                List<LineEvent> here = events(i, ofLine, found.steps());
                events.addAll(here.reversed());
                key = found.key();
                if (shapes.keyChange().isPresent()) {
                    return new StretchLine(
                            events.reversed(),
                            key,
                            state(shapes.otherKey()),
                            From.LATER,
                            Optional.of(
                                    new KeyBreak(
                                            here.getFirst().transaction().commitTime(),
                                            shapes.otherKey().orElseThrow())));
                }
                shape = shapes.first();
            }
            if (i > 0 && enough.is(events)) {
                return new StretchLine(
                        events.reversed(), key, state(shape), From.LATER, Optional.empty());
            }
        }
        return new StretchLine(events.reversed(), key, stateAfter(-1), From.BASE, Optional.empty());
    }

    private CatalogState state(Optional<Table> shape) throws IOException {
        Catalog any = archive.catalog(stretch.base().catalogThere());
        return CatalogState.goingOn(new Catalog(any.server(), shape.stream().toList(), List.of()));
    }

    /**
     * What became of rows while they had some keys, by these; they are not followed to others.
     * Nothing where the table got its key on the way.
     */
    Map<List<Value>, StretchLine> ofKeys(Set<List<Value>> keys) throws IOException {
        Map<List<Value>, List<LineEvent>> events = new HashMap<>();
        Optional<Table> shape = tableAtEnd();
        for (int i = until.segments() - 1; i >= 0; i--) {
            try (TableInSegment part = open(i)) {
                List<Placed> whole = wanted(i, part.whole());
                Shapes shapes = shapes(i, whole, shape);
                if (shapes.keyChange().isPresent()) {
                    return Map.of();
                }
                if (!shapes.hasKey()) {
                    break; // the table was not there yet
                }
                List<LineStep> steps = new ArrayList<>();
                for (Placed placed : wanted(i, part.rows(keys, shapes::of))) {
                    Table table = shapes.of(placed.change().version()).orElseThrow();
                    KeyMove move = KeyMove.of(table, (Entry.Row) placed.change().entry());
                    Stream.of(move.was(), move.is())
                            .flatMap(Optional::stream)
                            .distinct()
                            .filter(keys::contains)
                            .forEach(key -> steps.add(new LineStep(placed, table, key, key)));
                }
                for (LineEvent event : events(i, whole, steps).reversed()) {
                    Collection<List<Value>> of =
                            event instanceof LineEvent.Row row ? Set.of(row.keyAfter()) : keys;
                    of.forEach(
                            key ->
                                    events.computeIfAbsent(key, any -> new ArrayList<>())
                                            .add(event));
                }
                shape = shapes.first();
            }
        }
        Map<List<Value>, StretchLine> lines = new HashMap<>();
        Catalog start = stateAfter(-1).catalog();
        for (List<Value> key : keys) {
            List<LineEvent> all = events.getOrDefault(key, List.of()).reversed();
            CatalogState own = CatalogState.goingOn(start); // a line moves its own
            lines.put(key, new StretchLine(all, key, own, From.BASE, Optional.empty()));
        }
        return lines;
    }

    /** What comes of a walk forwards. */
    record Ahead(List<LineEvent> rows, List<Value> key) {}

    /**
     * Follows a row from a place on, to the end of what is read.
     *
     * @param keyThere that it has from there on
     */
    Ahead forwards(LinePlace after, List<Value> keyThere) throws IOException {
        List<LineEvent> events = new ArrayList<>();
        List<Value> key = keyThere;
        int first = Math.max(0, after.segment());
        Optional<Table> shape = stateAfter(first - 1).table(table);
        for (int i = first; i < until.segments(); i++) {
            int at = i;
            try (TableInSegment part = open(i)) {
                List<Placed> whole = wanted(i, part.whole());
                Shapes shapes = shapes(i, whole, shape);
                Predicate<Placed> isLater = placed -> after.compareTo(place(at, placed)) < 0;
                Optional<Placed> end = shapes.keyChange(isLater);
                Predicate<Placed> isWanted =
                        isWanted(i)
                                .and(isLater)
                                .and(
                                        placed ->
                                                end.filter(one -> placed.compareTo(one) > 0)
                                                        .isEmpty());
                SegmentWalk.Found found = new SegmentWalk(part, shapes, isWanted).forwards(key);
                events.addAll(events(i, List.of(), found.steps()));
                key = found.key();
                shape = shapes.last();
                if (end.isPresent()) {
                    break;
                }
            }
        }
        return new Ahead(events, key);
    }

    private static LinePlace place(int segment, Placed placed) {
        return new LinePlace(segment, placed.change().transaction(), placed.sequence());
    }

    private List<LineEvent> events(int segment, List<Placed> whole, List<LineStep> steps)
            throws IOException {
        TreeSet<Integer> indexes = new TreeSet<>();
        whole.forEach(one -> indexes.add(one.change().transaction()));
        steps.forEach(one -> indexes.add(one.placed().change().transaction()));
        Manifest of = stretch.segments().get(segment);
        Map<Integer, Committed> transactions =
                SegmentTransactions.some(archive, of, indexes, temporary);
        Map<Integer, TransactionContext> said =
                indexes.isEmpty() ? Map.of() : Contexts.of(archive, of, indexes, temporary);
        List<LineEvent> events = new ArrayList<>();
        for (Placed one : whole) {
            int index = one.change().transaction();
            events.add(
                    event(
                            place(segment, one),
                            record(transactions, index),
                            actor(said, index),
                            one.change().entry()));
        }
        for (LineStep step : steps) {
            int index = step.placed().change().transaction();
            events.add(
                    new LineEvent.Row(
                            place(segment, step.placed()),
                            record(transactions, index),
                            actor(said, index),
                            step.table(),
                            (Entry.Row) step.placed().change().entry(),
                            step.keyBefore(),
                            step.keyAfter()));
        }
        events.sort((one, other) -> one.place().compareTo(other.place()));
        return events;
    }

    private static Actor actor(Map<Integer, TransactionContext> said, int index) {
        return Actor.of(Optional.ofNullable(said.get(index)), Optional.empty());
    }

    private static Committed record(Map<Integer, Committed> transactions, int index) {
        return Objects.requireNonNull(transactions.get(index));
    }

    private static LineEvent event(
            LinePlace place, Committed transaction, Actor actor, Entry whole) {
        return whole instanceof Entry.Schema schema
                ? new LineEvent.Altered(
                        place, transaction, actor, CatalogChange.read(schema.content()))
                : new LineEvent.Truncated(place, transaction, actor);
    }

    /** Has the table a base of its own in the stretch? */
    boolean hasOwnBases() {
        return stretch.tableBases().stream()
                .flatMap(one -> one.files().stream())
                .anyMatch(file -> file.kind() == FileRef.Kind.BASE && file.table() == table);
    }
}
