package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.KeyedRows;
import dev.tidemark.archive.fold.NetChanges;
import dev.tidemark.archive.fold.NetRequest;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.fold.TouchedRows;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.replay.difference.MatchedColumns.Later;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares two moments between which the archive has all changes: of most tables these tell which
 * rows differ, and the others are compared whole. For one thread; used once.
 */
final class StretchComparison {
    private final Reading reading;
    private final States states;
    private final ArchivedState earlier;
    private final ArchivedState later;
    private final Map<Long, TouchedRows> touched = new HashMap<>();
    private final Map<Long, Long> changes = new HashMap<>();

    /** Why tables are compared whole; those that are at one moment alone have no reason. */
    private final Map<Long, String> wholes = new HashMap<>();

    StretchComparison(Reading reading, States states, ArchivedState from, ArchivedState to) {
        this.reading = reading;
        this.states = states;
        boolean isForwards = states.later() == Later.TO;
        this.earlier = isForwards ? from : to;
        this.later = isForwards ? to : from;
    }

    /** Tells all that differs, table by table. */
    void run(List<TablePair> pairs, Tally tally, NetRequest.Counting counting) throws IOException {
        read(pairs, counting);
        Map<Long, KeyedRows> lookedUp = new HashMap<>();
        touched.forEach((id, rows) -> rows.lookingUp().ifPresent(of -> lookedUp.put(id, of)));
        FoldedRows before = FoldedRows.of(reading, earlier, wholesOf(earlier), lookedUp);
        FoldedRows after = FoldedRows.of(reading, later, wholesOf(later), Map.of());
        for (TablePair pair : pairs) {
            long id = pair.table().id();
            TouchedRows rows = touched.remove(id);
            if (rows != null) {
                boolean areKnown =
                        !lookedUp.containsKey(id) || rows.lookUp(before.of(id), reading.share());
                if (areKnown) {
                    touched(pair, rows, tally);
                } else {
                    wholeAfterAll(pair, tally);
                }
            } else if (wholes.containsKey(id)) {
                whole(pair, before, after, tally);
            }
        }
    }

    private void read(List<TablePair> pairs, NetRequest.Counting counting) throws IOException {
        Set<Long> wanted = new HashSet<>();
        pairs.forEach(pair -> wanted.add(pair.table().id()));
        NetChanges net =
                NetChanges.read(
                        reading.archive(),
                        new NetRequest(
                                Between.of(
                                        reading.archive(),
                                        earlier.stretch(),
                                        earlier.position(),
                                        later.position(),
                                        reading.temporary()),
                                earlier.catalog(),
                                wanted::contains,
                                counting,
                                reading.share()),
                        reading.temporary(),
                        reading.progress());
        wholes.putAll(net.wholes());
        pairs.stream()
                .filter(pair -> !pair.isOnBothSides())
                .forEach(pair -> wholes.put(pair.table().id(), ""));
        for (Table table : net.tables()) {
            if (isUnknown(table)) {
                wholes.putIfAbsent(table.id(), "its rows were not known for a time");
            } else if (!wholes.containsKey(table.id())) {
                touched.put(table.id(), net.touched(table));
                changes.put(table.id(), net.changes(table));
            }
        }
        wholes.keySet().retainAll(wanted);
    }

    private boolean isUnknown(Table table) {
        return List.of(earlier, later).stream()
                .flatMap(state -> state.catalog().tables().stream())
                .anyMatch(one -> one.id() == table.id() && one.rewritten());
    }

    private Set<Long> wholesOf(ArchivedState state) {
        Set<Long> there = new HashSet<>();
        state.catalog().tables().stream()
                .filter(table -> table.holdsRows() && wholes.containsKey(table.id()))
                .forEach(table -> there.add(table.id()));
        return there;
    }

    private void touched(TablePair pair, TouchedRows rows, Tally tally) throws IOException {
        Tally.OfTable counts = tally.new OfTable(pair, states.columns(pair), Optional.empty());
        boolean isForwards = states.later() == Later.TO;
        try {
            rows.rows(
                    row ->
                            counts.row(
                                    new RowDifference(
                                            row.key(),
                                            isForwards ? row.before() : row.after(),
                                            isForwards ? row.after() : row.before(),
                                            row.times(),
                                            row.changes())));
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw TidemarkException.failed(
                    "the archive's changes of table %s do not fit together: %s"
                            .formatted(pair.name(), TidemarkException.reason(e)),
                    "Run 'tidemark verify'.",
                    e);
        }
        counts.end(Optional.ofNullable(changes.get(pair.table().id())));
    }

    /** One whose rows as they were would take too much memory: its rows are read once more. */
    private void wholeAfterAll(TablePair pair, Tally tally) throws IOException {
        long id = pair.table().id();
        wholes.put(id, "very many of its rows changed");
        Reading again = reading.in(Files.createTempDirectory(reading.temporary(), "again"));
        whole(
                pair,
                FoldedRows.of(again, earlier, Set.of(id), Map.of()),
                FoldedRows.of(again, later, Set.of(id), Map.of()),
                tally);
    }

    private void whole(TablePair pair, FoldedRows before, FoldedRows after, Tally tally)
            throws IOException {
        boolean isForwards = states.later() == Later.TO;
        MatchedColumns columns = states.columns(pair);
        String reason = wholes.getOrDefault(pair.table().id(), "");
        Tally.OfTable counts =
                tally
                .new OfTable(
                        pair, columns, reason.isEmpty() ? Optional.empty() : Optional.of(reason));
        new WholeComparison(pair.name(), columns, reading)
                .run(
                        rows(pair.from(), isForwards ? before : after),
                        rows(pair.to(), isForwards ? after : before),
                        counts::row);
        counts.end(Optional.empty());
    }

    /** Of a table that is there, and holds rows there. */
    private static WholeComparison.Rows rows(Optional<Table> table, FoldedRows folded) {
        if (table.filter(Table::holdsRows).isEmpty()) {
            return WholeComparison.Rows.NONE;
        }
        TableRows rows = folded.of(table.get().id());
        return rows::rows;
    }
}
