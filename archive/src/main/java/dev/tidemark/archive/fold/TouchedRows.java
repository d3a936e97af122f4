package dev.tidemark.archive.fold;

import dev.tidemark.archive.merge.KeyOrder;
import dev.tidemark.archive.merge.RowPairs;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of a table that changed between two cuts, as they were at the earlier and are at the
 * later. Done once; for one thread.
 */
public final class TouchedRows {
    /**
     * A row that changed.
     *
     * @param key the fields that name it; none of a table without a key
     * @param before as it was at the earlier cut; empty where it was not there
     * @param after as it is at the later; empty where it is not
     * @param times how many of such equal rows; one of those with a key
     * @param changes how many changes it had; 0 where that is not counted
     */
    public record Touched(
            List<Value> key,
            Optional<List<Value>> before,
            Optional<List<Value>> after,
            long times,
            long changes) {}

    /** Takes them. */
    public interface Sink {
        /** The next one. */
        void row(Touched row) throws IOException;
    }

    private final Table table;
    private final Overlay overlay;
    private final Map<RowKey, List<Value>> before;
    private final Map<RowKey, Long> changes;

    /**
     * @param before rows as they were at the earlier cut, as far as changes tell all of them
     * @param changes how many there were of each row that has a key
     */
    TouchedRows(
            Table table,
            Overlay overlay,
            Map<RowKey, List<Value>> before,
            Map<RowKey, Long> changes) {
        this.table = table;
        this.overlay = overlay;
        this.before = before;
        this.changes = changes;
    }

    /** Which rows are to be looked up at the earlier cut, before it begins, if any. */
    public Optional<KeyedRows> lookingUp() {
        if (!(overlay instanceof KeyedOverlay keyed)) {
            return Optional.empty();
        }
        Set<List<Value>> keys = new HashSet<>();
        for (RowKey key : keyed.keysBefore()) {
            if (!before.containsKey(key)) {
                keys.add(key.fields());
            }
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(new KeyedRows(table.key(), keys));
    }

    /**
     * Finds the rows that are to be looked up.
     *
     * @param there those of the table's rows at the earlier cut, and perhaps others; used up by
     *     this
     * @param bytesMax what they may take of memory, nearly
     * @return are they found? else they would take more, and this is of no use any more
     */
    public boolean lookUp(TableRows there, long bytesMax) throws IOException {
        KeyedOverlay keyed = (KeyedOverlay) overlay;
        Set<RowKey> wanted = keyed.keysBefore();
        int[] places = keyed.keyPlaces();
        long[] bytes = {0};
        there.rows(
                row -> {
                    RowKey key = RowKey.of(row, places);
                    if (bytes[0] <= bytesMax && wanted.contains(key)) {
                        before.put(key, row);
                        bytes[0] += key.bytes() + RowKey.bytes(row);
                    }
                });
        return bytes[0] <= bytesMax;
    }

    /**
     * All of them: by their keys, rows without a key in that of {@link RowPairs}, which pairs the
     * same ones.
     *
     * @throws IllegalStateException when the changes do not fit together
     */
    public void rows(Sink sink) throws IOException {
        switch (overlay) {
            case KeyedOverlay keyed -> keyed(keyed, sink);
            case BagOverlay bag -> unkeyed(bag, sink);
        }
    }

    private static void unkeyed(BagOverlay bag, Sink sink) throws IOException {
        Map<RowKey, Long> differences = bag.differences();
        for (RowKey row : inOrder(differences.keySet())) {
            long more = Objects.requireNonNull(differences.get(row));
            Optional<List<Value>> fields = Optional.of(row.fields());
            sink.row(
                    new Touched(
                            List.of(),
                            more < 0 ? fields : Optional.empty(),
                            more > 0 ? fields : Optional.empty(),
                            Math.abs(more),
                            0));
        }
    }

    private static List<RowKey> inOrder(Set<RowKey> rows) {
        return rows.stream()
                .map(row -> Map.entry(RowPairs.hash(row.fields()), row))
                .sorted(Map.Entry.comparingByKey(Arrays::compareUnsigned))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void keyed(KeyedOverlay keyed, Sink sink) throws IOException {
        Set<RowKey> keysBefore = Set.copyOf(keyed.keysBefore());
        Map<RowKey, List<Value>> after = after(keyed, keysBefore);
        Set<RowKey> keys = new HashSet<>(keysBefore);
        keys.addAll(after.keySet());
        keys.addAll(changes.keySet());
        List<RowKey> inOrder = new ArrayList<>(keys);
        KeyOrder order = KeyOrder.of(table);
        inOrder.sort((one, other) -> order.compare(one.fields(), other.fields()));
        for (RowKey key : inOrder) {
            sink.row(
                    new Touched(
                            key.fields(),
                            keysBefore.contains(key)
                                    ? Optional.ofNullable(before.get(key))
                                    : Optional.empty(),
                            Optional.ofNullable(after.get(key)),
                            1,
                            changes.getOrDefault(key, 0L)));
        }
    }

    /** The rows as they are now, with the fields that no change told. */
    private Map<RowKey, List<Value>> after(KeyedOverlay keyed, Set<RowKey> keysBefore)
            throws IOException {
        for (RowKey key : keysBefore) {
            List<Value> row = before.get(key);
            if (row == null) {
                throw new IllegalStateException("nothing tells what the row " + key + " was");
            }
            keyed.lay(
                    row,
                    untouched -> {
                        throw new IllegalStateException(
                                "a row that did not change: "
                                        + Arrays.toString(untouched.toArray()));
                    });
        }
        int[] places = keyed.keyPlaces();
        Map<RowKey, List<Value>> after = new HashMap<>();
        keyed.finish(row -> after.put(RowKey.of(row, places), row));
        return after;
    }
}
