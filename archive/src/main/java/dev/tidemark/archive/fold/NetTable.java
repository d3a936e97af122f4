package dev.tidemark.archive.fold;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the changes between two cuts make of one table's rows. For one thread. */
final class NetTable {
    private final Table table;
    private final Overlay overlay;

    /** Rows as they were at the earlier cut, where the first change tells all of them. */
    private final Map<RowKey, List<Value>> before = new HashMap<>();

    private final NetRequest.Counting counting;
    private final Map<RowKey, Long> changesOfRows = new HashMap<>(); // where they are counted

    private long beforeBytes;
    private long countedBytes;
    private long changes;

    NetTable(Table table, NetRequest.Counting counting) {
        this.table = table;
        this.overlay = Overlay.of(table);
        this.counting = counting;
    }

    Table table() {
        return table;
    }

    /** How many there were. */
    long changes() {
        return changes;
    }

    /** About how much memory they take. */
    long bytes() {
        return beforeBytes
                + countedBytes
                + switch (overlay) {
                    case KeyedOverlay keyed -> keyed.bytes();
                    case BagOverlay bag -> bag.differencesBytes();
                };
    }

    /**
     * Takes the next change.
     *
     * @throws TidemarkException when it does not fit to those before it
     */
    void apply(Entry.Row row, int version) {
        try {
            if (version != table.version()) {
                throw new IllegalStateException(
                        "a change is of version %d, and the catalog is at %d"
                                .formatted(version, table.version()));
            }
            if (overlay instanceof KeyedOverlay keyed && row.image() == BeforeImage.FULL) {
                keep(keyed, row);
            }
            overlay.apply(row);
            if (overlay instanceof KeyedOverlay keyed && counting == NetRequest.Counting.EACH_ROW) {
                count(keyed, row);
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw TidemarkException.failed(
                    "the archive's changes of table %s do not fit together: %s"
                            .formatted(table.displayName(), TidemarkException.reason(e)),
                    "Run 'tidemark verify'.",
                    e);
        }
        changes++;
    }

    /** An update that gives a row another key is a change of both. */
    private void count(KeyedOverlay keyed, Entry.Row row) {
        Set<RowKey> keys = new HashSet<>();
        if (!row.after().isEmpty()) {
            keys.add(RowKey.of(row.after(), keyed.keyPlaces()));
        }
        if (row.image() != BeforeImage.NONE) {
            keys.add(RowKey.of(row.before(), keyed.keyPlaces()));
        }
        for (RowKey key : keys) {
            if (changesOfRows.merge(key, 1L, Long::sum) == 1) {
                countedBytes += key.bytes();
            }
        }
    }

    private void keep(KeyedOverlay keyed, Entry.Row row) {
        boolean isOfOlder =
                row.operation() == Operation.UPDATE || row.operation() == Operation.DELETE;
        RowKey key = RowKey.of(row.before(), keyed.keyPlaces());
        if (isOfOlder && keyed.isAsInBase(key) && row.before().stream().allMatch(Value::isKnown)) {
            before.put(key, row.before());
            beforeBytes += key.bytes() + RowKey.bytes(row.before().toArray(Value[]::new));
        }
    }

    RowsMove forwards() {
        return switch (overlay) {
            case KeyedOverlay keyed -> new KeyedForwards(table, keyed);
            case BagOverlay bag -> BagMove.forwards(table, bag);
        };
    }

    TouchedRows touched() {
        return new TouchedRows(table, overlay, before, changesOfRows);
    }

    RowsMove backwards() {
        return switch (overlay) {
            case KeyedOverlay keyed -> new KeyedBackwards(table, keyed, before);
            case BagOverlay bag -> BagMove.backwards(table, bag);
        };
    }
}
