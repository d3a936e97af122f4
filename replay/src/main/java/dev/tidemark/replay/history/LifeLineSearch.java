package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.replay.history.StretchLine.KeyBreak;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds a row's life line through all stretches that are asked for. It is walked backwards with a
 * current key, beginning with the asked one: every change whose key before or after it is that key
 * belongs to the line; where a change gave the row this key, the walk goes on with the one before;
 * a change that took the key away belongs to it, and the walk stays with the key. If the newest
 * thing found is such a one, the row is followed to its new key, and on to the end. For one thread;
 * used once.
 */
final class LifeLineSearch {
    private final Archive archive;
    private final Path temporary;
    private final List<Stretch> stretches;
    private final HistoryRequest request;
    private final HistoryWindow window;
    private final TableNames.Named named;
    private final Table table; // as of the window's end
    private final Map<Integer, Table> tables = new HashMap<>(); // by stretch
    private final TreeMap<Integer, StretchLine> lines = new TreeMap<>(); // by stretch
    private final List<String> notes = new ArrayList<>();

    private LifeLineSearch(
            Archive archive,
            Path temporary,
            HistoryRequest request,
            HistoryWindow window,
            TableNames.Named named) {
        this.archive = archive;
        this.temporary = temporary;
        this.stretches = archive.state().stretches();
        this.request = request;
        this.window = window;
        this.named = named;
        this.table = named.table();
    }

    /** Finds it. */
    static LifeLine find(Archive archive, Path temporary, HistoryRequest request)
            throws IOException {
        HistoryWindow window = HistoryWindow.of(archive, temporary, request);
        TableNames.Named named = new TableNames(archive, temporary).named(request.table());
        Stretch last = archive.state().stretches().get(window.until());
        Table there =
                inStretch(archive, last, named)
                        .orElseThrow(() -> otherCluster(archive, last, named));
        Table then =
                StretchWalk.tableAt(archive, temporary, last, there.id(), window.end())
                        .orElse(there);
        if (then.kind().equals("p")) {
            throw TidemarkException.refused(
                    "table %s is partitioned: its rows are those of its partitions"
                            .formatted(then.displayName()),
                    "Name the partition that the row is in.");
        }
        List<Value> key = KeyTexts.read(then, request.key());
        TableNames.Named atEnd =
                new TableNames.Named(named.displayName(), then, system(archive, last));
        return new LifeLineSearch(archive, temporary, request, window, atEnd).run(key);
    }

    private static TidemarkException otherCluster(
            Archive archive, Stretch asked, TableNames.Named named) {
        List<Stretch> all = archive.state().stretches();
        List<Stretch> before =
                all.subList(0, all.indexOf(asked)).stream()
                        .filter(one -> system(archive, one).equals(named.system()))
                        .toList();
        String until =
                before.isEmpty()
                        ? "a later one"
                        : before.getLast().end().span().latestCommit() + " or earlier";
        return TidemarkException.refused(
                "the source had no table %s at that moment".formatted(named.displayName()),
                "Give --until %s: then it was another cluster.".formatted(until));
    }

    private LifeLine run(List<Value> key) throws IOException {
        backwards(key);
        follow();
        notes.addAll(window.holes(stretches));
        return fold();
    }

    private void backwards(List<Value> keyAtEnd) throws IOException {
        List<Value> key = keyAtEnd;
        long shown = 0;
        for (int i = window.until(); i >= window.since(); i--) {
            Optional<Table> there = tableIn(i);
            if (there.isEmpty()) {
                notes.add(
                        "before %s the source was another cluster, which had no table %s"
                                .formatted(
                                        stretches.get(i + 1).base().span().latestCommit(),
                                        table.displayName()));
                return;
            }
            StretchWalk walk = walk(i, there.get());
            long left = request.columns().isEmpty() ? request.changesMax() - shown : Long.MAX_VALUE;
            StretchLine line =
                    walk.backwards(
                            key,
                            walk.hasOwnBases()
                                    ? StretchWalk.Enough.NEVER
                                    : new ShownEnough(window, i, left));
            lines.put(i, line);
            shown += line.events().stream().filter(LineEvent.Row.class::isInstance).count();
            key = line.key();
            if (line.from() == StretchLine.From.LATER) {
                line.broken().ifPresent(this::noteBreak);
                return;
            }
        }
    }

    private void noteBreak(KeyBreak broken) {
        notes.add(
                broken.before().key().isEmpty()
                        ? "before %s the table %s had no key: what its rows were then is not told"
                                .formatted(broken.time(), broken.before().displayName())
                        : "before %s the key of table %s was %s: ask with that key and --until to see what was before"
                                .formatted(
                                        broken.time(),
                                        broken.before().displayName(),
                                        KeyTexts.describe(broken.before())));
    }

    private StretchWalk walk(int stretch, Table there) {
        return new StretchWalk(
                archive,
                temporary,
                stretches.get(stretch),
                there.id(),
                there.key(),
                stretch == window.until() ? window.end() : Until.end(stretches.get(stretch)));
    }

    /** Empty in a cluster that had none of its name. */
    private Optional<Table> tableIn(int stretch) throws IOException {
        if (stretch == window.until()) {
            return Optional.of(table);
        }
        Table known = tables.get(stretch);
        if (known == null) {
            Optional<Table> there = inStretch(archive, stretches.get(stretch), named);
            there.ifPresent(one -> tables.put(stretch, one));
            return there;
        }
        return Optional.of(known);
    }

    private static Optional<Table> inStretch(
            Archive archive, Stretch stretch, TableNames.Named named) throws IOException {
        return named.in(system(archive, stretch), archive.catalog(stretch.catalog()).tables());
    }

    private static String system(Archive archive, Stretch stretch) {
        return stretch.systemId().orElse(archive.identity().systemId());
    }

    /** The newest change may have given the row another key: then it lives on there. */
    private void follow() throws IOException {
        for (Map.Entry<Integer, StretchLine> line : lines.descendingMap().entrySet()) {
            List<LineEvent> events = line.getValue().events();
            for (int at = events.size() - 1; at >= 0; at--) {
                if (events.get(at) instanceof LineEvent.Row row) {
                    if (row.movedTo().isPresent()) {
                        follow(line.getKey(), at, row);
                    }
                    return;
                }
            }
        }
    }

    private void follow(int stretch, int at, LineEvent.Row away) throws IOException {
        List<Value> key = away.movedTo().orElseThrow();
        StretchLine line = Objects.requireNonNull(lines.get(stretch));
        List<LineEvent> events = new ArrayList<>(line.events());
        events.set(
                at,
                new LineEvent.Row(
                        away.place(),
                        away.transaction(),
                        away.actor(),
                        away.table(),
                        away.change(),
                        away.keyBefore(),
                        key));
        StretchWalk.Ahead ahead =
                walk(stretch, tableIn(stretch).orElseThrow()).forwards(away.place(), key);
        lines.put(stretch, line.with(merged(events, ahead.rows()), line.key()));
        for (int i = stretch + 1; i <= window.until(); i++) {
            StretchLine later = Objects.requireNonNull(lines.get(i));
            List<Value> start = ahead.key();
            ahead = walk(i, tableIn(i).orElseThrow()).forwards(new LinePlace(-1, 0, 0), start);
            lines.put(i, later.with(merged(later.events(), ahead.rows()), start));
        }
    }

    private static List<LineEvent> merged(List<LineEvent> some, List<LineEvent> others) {
        List<LineEvent> all = new ArrayList<>(some);
        all.addAll(others);
        all.sort((one, other) -> one.place().compareTo(other.place()));
        return all;
    }

    private LifeLine fold() throws IOException {
        List<LineEntry> entries = new ArrayList<>();
        Optional<Map<Integer, Value>> row = Optional.empty();
        Optional<Table> before = Optional.empty();
        Optional<Instant> begin = Optional.empty();
        for (Map.Entry<Integer, StretchLine> line : lines.entrySet()) {
            int number = line.getKey();
            Table now = tableIn(number).orElseThrow();
            if (before.isEmpty() && line.getValue().from() == StretchLine.From.BASE) {
                begin = Optional.of(stretches.get(number).base().span().latestCommit());
            }
            LineFold fold =
                    new LineFold(
                            archive,
                            new BaseRows(archive, temporary, Set.of()),
                            number,
                            line.getValue(),
                            now,
                            number == window.until() ? window.to() : stretches.get(number).to());
            Optional<Table> then = before;
            row = fold.run(row.map(last -> renumbered(last, then.orElse(now), now)));
            entries.addAll(fold.entries());
            before = Optional.of(now);
        }
        boolean isOlder = lines.values().stream().anyMatch(line -> line.broken().isPresent());
        return new LifeLine(window, table, entries, row, begin, isOlder, notes);
    }

    /** A row of a table as one of another, by the columns' names. */
    private static Map<Integer, Value> renumbered(Map<Integer, Value> row, Table from, Table to) {
        Map<Integer, Value> same = new HashMap<>();
        for (Column column : to.columns()) {
            from.columns().stream()
                    .filter(one -> one.name().equals(column.name()))
                    .map(one -> row.get(one.id()))
                    .filter(Objects::nonNull)
                    .forEach(value -> same.put(column.id(), value));
        }
        return same;
    }
}
