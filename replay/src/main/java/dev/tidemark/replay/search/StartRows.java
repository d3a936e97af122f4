package dev.tidemark.replay.search;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.KeyedRows;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks up what rows were at the start of a stretch's window, all at once, for changes of which
 * that decides. For one thread; used once.
 */
final class StartRows {
    /** Takes a change when all is known that can be. */
    interface Sink {
        void take(ScannedChange change) throws IOException;
    }

    /** The changes that wait for a row. */
    private static final class Waiting {
        final Table table; // in the shape of the first of them
        final Map<List<Value>, List<ScannedChange>> byKey = new HashMap<>();

        Waiting(Table table) {
            this.table = table;
        }
    }

    private final SegmentScan.Reading reading;
    private final Between between;
    private final AddedColumns added;
    private final Sink found;
    private final Sink unknown;
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private Optional<String> why = Optional.empty();

    /**
     * @param found takes changes with the rows before them
     * @param unknown takes those of which that cannot be known
     */
    StartRows(SegmentScan.Reading reading, Window.Beginning at, Sink found, Sink unknown) {
        this.reading = reading;
        this.between = at.between();
        this.added = at.added();
        this.found = found;
        this.unknown = unknown;
    }

    /** Adds a change that depends on what its row was. */
    void add(ScannedChange change) throws IOException {
        Waiting rows =
                waiting.computeIfAbsent(change.table().id(), first -> new Waiting(change.table()));
        boolean isOfKey = change.table().key().equals(rows.table.key());
        if (change.origin().isEmpty() || !isOfKey) {
            unknown.take(change);
        } else {
            rows.byKey
                    .computeIfAbsent(change.origin().get(), first -> new ArrayList<>(1))
                    .add(change);
        }
    }

    /** Looks them up. */
    void run() throws IOException {
        waiting.values().removeIf(rows -> rows.byKey.isEmpty());
        if (!waiting.isEmpty()) {
            lookUp();
        }
        for (Waiting rows : waiting.values()) {
            for (List<ScannedChange> changes : rows.byKey.values()) {
                for (ScannedChange change : changes) {
                    unknown.take(change);
                }
            }
        }
    }

    /** Why they were not found, when that is a fault. */
    Optional<String> why() {
        return why;
    }

    private void lookUp() throws IOException {
        RestorePlan plan =
                new Planner(reading.archive(), reading.temporary())
                        .plan(between.stretch().origin().number(), between.after());
        Map<Long, KeyedRows> keyed =
                keyed(CatalogWalk.at(reading.archive(), plan, reading.temporary()));
        if (keyed.isEmpty()) {
            return;
        }
        try {
            FoldedDatabase database =
                    Fold.runRows(
                            reading.archive(),
                            plan,
                            keyed.keySet(),
                            keyed,
                            reading.temporary(),
                            changes -> {});
            for (TableFold table : database.tables()) {
                Waiting rows = waiting.get(table.table().id());
                if (rows != null) {
                    table.rows(row -> take(rows, table.table(), row));
                }
            }
        } catch (TidemarkException e) {
            why = Optional.of(TidemarkException.reason(e));
        }
    }

    private Map<Long, KeyedRows> keyed(Catalog start) {
        Map<Long, KeyedRows> keyed = new HashMap<>();
        for (Table table : start.tables()) {
            Waiting rows = waiting.get(table.id());
            if (rows != null && !table.rewritten() && table.key().equals(rows.table.key())) {
                keyed.put(table.id(), new KeyedRows(table.key(), rows.byKey.keySet()));
            }
        }
        return keyed;
    }

    private void take(Waiting rows, Table shape, List<Value> row) throws IOException {
        List<ScannedChange> changes = rows.byKey.remove(KeyMove.fields(shape, row));
        if (changes != null) {
            for (ScannedChange change : changes) {
                found.take(change.completed(added.move(shape, row, change.table())));
            }
        }
    }
}
