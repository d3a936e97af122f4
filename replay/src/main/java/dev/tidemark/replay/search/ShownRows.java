package dev.tidemark.replay.search;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads the changes that are shown once more, with all their fields: the search itself reads only
 * the columns that it needs. For one thread; used once.
 */
final class ShownRows {
    /**
     * How often rows are looked for under keys that they had before; what is missing then is
     * unknown.
     */
    private static final int RUNS_MAX = 4;

    private final SegmentScan.Reading reading;
    private final Window window;
    private final Map<Place, ScannedChange> whole = new HashMap<>();

    ShownRows(SegmentScan.Reading reading, Window window) {
        this.reading = reading;
        this.window = window;
    }

    /** Reads them, by their places; one that cannot be found again is not among them. */
    Map<Place, ScannedChange> read(List<ScannedChange> shown) throws IOException {
        Map<Integer, List<ScannedChange>> byStretch =
                shown.stream()
                        .filter(change -> !change.row().isEmpty())
                        .filter(change -> !change.table().key().isEmpty())
                        .collect(
                                Collectors.groupingBy(
                                        change ->
                                                window.parts()
                                                        .get(change.place().part())
                                                        .stretch()));
        for (Map.Entry<Integer, List<ScannedChange>> of : byStretch.entrySet()) {
            read(of.getKey(), of.getValue());
        }
        return whole;
    }

    private void read(int stretch, List<ScannedChange> shown) throws IOException {
        Set<Place> places = shown.stream().map(ScannedChange::place).collect(Collectors.toSet());
        Keys keys = new Keys();
        shown.forEach(keys::add);
        Window.Beginning beginning = Window.Beginning.of(window.stretches().get(stretch));
        Map<Place, ScannedChange> found = new HashMap<>();
        for (int run = 1; run == 1 || (run <= RUNS_MAX && keys.hasMore()); run++) {
            keys.takeMore();
            found.clear();
            scan(new Scan(stretch, beginning, places), keys, found);
        }
        complete(beginning, found);
        whole.putAll(found);
    }

    /** Which stretch is read, and the places that are looked for. */
    private record Scan(int stretch, Window.Beginning beginning, Set<Place> places) {}

    private void scan(Scan scan, Keys keys, Map<Place, ScannedChange> found) throws IOException {
        int last = scan.places().stream().mapToInt(Place::part).max().orElseThrow();
        // Of as many rows as are shown.
        LastRows rows = new LastRows(scan.beginning().added(), Long.MAX_VALUE);
        CatalogState catalog =
                CatalogWalk.after(
                        reading.archive(), StretchShapes.start(scan.beginning().between()));
        SegmentScan.Sink sink =
                new SegmentScan.Sink() {
                    @Override
                    public void take(ScannedChange change) {
                        keys.follow(change);
                        if (scan.places().contains(change.place())) {
                            found.put(change.place(), change);
                        }
                    }

                    @Override
                    public void truncated(Place place, Table table) {}
                };
        for (Window.Part part : window.parts()) {
            if (part.stretch() == scan.stretch() && part.number() <= last) {
                SegmentScan.Course course =
                        new SegmentScan.Course(
                                part.number(), part.of(), catalog, rows, part.number() < last);
                new SegmentScan(reading, course, keys, sink).run();
            }
        }
    }

    private void complete(Window.Beginning beginning, Map<Place, ScannedChange> found)
            throws IOException {
        StartRows start =
                new StartRows(
                        reading,
                        beginning,
                        change -> found.put(change.place(), change),
                        change -> {});
        for (ScannedChange change : found.values()) {
            boolean isWhole = change.before().stream().allMatch(Value::isKnown);
            if (!isWhole) {
                start.add(change);
            }
        }
        start.run();
    }

    /** The keys of the rows that are read, by their tables. */
    private static final class Keys implements Wanted {
        private final Map<Long, Set<List<Value>>> keys = new HashMap<>();
        private final Map<Long, Set<List<Value>>> more = new HashMap<>();

        void add(ScannedChange change) {
            for (List<Value> row : List.of(change.before(), change.after())) {
                if (!row.isEmpty()) {
                    add(change.table(), KeyMove.fields(change.table(), row));
                }
            }
        }

        private void add(Table table, List<Value> key) {
            if (key.stream().allMatch(Value::isKnown) && !of(table.id()).contains(key)) {
                more.computeIfAbsent(table.id(), first -> new HashSet<>()).add(key);
            }
        }

        private Set<List<Value>> of(long table) {
            return keys.getOrDefault(table, Set.of());
        }

        /** A row that came to such a key had another one before. */
        void follow(ScannedChange change) {
            if (!change.before().isEmpty() && !change.after().isEmpty()) {
                Table table = change.table();
                if (of(table.id()).contains(KeyMove.fields(table, change.after()))) {
                    add(table, KeyMove.fields(table, change.before()));
                }
            }
        }

        boolean hasMore() {
            return !more.isEmpty();
        }

        void takeMore() {
            more.forEach(
                    (table, some) ->
                            keys.computeIfAbsent(table, first -> new HashSet<>()).addAll(some));
            more.clear();
        }

        @Override
        public boolean isWanted(long table) {
            return keys.containsKey(table);
        }

        @Override
        public boolean isWanted(Table table) {
            return table.holdsRows() && !ofShape(table).isEmpty();
        }

        @Override
        public boolean needsBefore(Table table) {
            return true;
        }

        @Override
        public Set<Integer> columns(Table table) {
            return table.stored().stream().map(Column::id).collect(Collectors.toSet());
        }

        @Override
        public Optional<Set<List<Value>>> keys(Table table) {
            return Optional.of(ofShape(table));
        }

        /** Where the table has a key of fewer columns, or more, these are none of its keys. */
        private Set<List<Value>> ofShape(Table table) {
            return of(table.id()).stream()
                    .filter(key -> key.size() == table.key().size())
                    .collect(Collectors.toSet());
        }
    }
}
