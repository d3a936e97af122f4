package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes of a table without a key: how many more or fewer of each equal row there are. Most such
 * tables only ever grow, and rows that none was taken from need not be looked up.
 */
final class BagOverlay implements Overlay {
    /**
     * So many bytes of rows that only grew are looked up as all others once a row goes, since what
     * comes and goes may leave nothing. More of them would take several times the memory then, at
     * once.
     */
    private static final long UNPACKED_MAX = 1024 * 1024;

    /** Rows that are more, from the time when none were fewer. */
    private PackedRows grown = new PackedRows();

    /** In the order in which they came, so that the same changes give the same order. */
    private final Map<RowKey, Long> deltas = new LinkedHashMap<>();

    private long bytes; // of those

    @Override
    public long bytes() {
        return grown.bytes() + bytes;
    }

    @Override
    public void apply(Entry.Row row) {
        switch (row.operation()) {
            case INSERT, REWRITE -> add(row.after(), 1);
            case UPDATE -> {
                add(whole(row), -1);
                add(resolved(row), 1);
            }
            case DELETE -> add(whole(row), -1);
        }
    }

    @Override
    public Optional<Arrival> apply(RowLine line) {
        line.start().ifPresent(row -> add(known(row), -1));
        line.end().ifPresent(row -> add(known(row), 1));
        return Optional.empty();
    }

    private static List<Value> known(List<Value> row) {
        for (Value field : row) {
            if (!field.isKnown()) {
                throw new IllegalStateException(
                        "a change of a table without a key shows only a part of the row");
            }
        }
        return row;
    }

    @Override
    public void arrive(Arrival arrival) {
        throw new IllegalStateException("a table without a key has no row that waits for one");
    }

    private static List<Value> whole(Entry.Row row) {
        if (row.image() != BeforeImage.FULL) {
            throw new IllegalStateException(
                    "a change of a table without a key shows only " + row.image());
        }
        return row.before();
    }

    /** An unchanged field is that of the row before, which is whole. */
    private static List<Value> resolved(Entry.Row row) {
        List<Value> fields = new ArrayList<>(row.after());
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i) == Value.Mark.UNCHANGED) {
                fields.set(i, row.before().get(i));
            }
        }
        return fields;
    }

    private void add(List<Value> row, long count) {
        if (count > 0 && deltas.isEmpty() && PackedRows.mayHold(row)) {
            grown.add(row);
        } else {
            if (grown.bytes() <= UNPACKED_MAX) {
                unpack();
            }
            count(row, count);
        }
    }

    private void unpack() {
        grown.forEach(row -> count(row, 1));
        grown.clear();
    }

    private void count(List<Value> row, long count) {
        RowKey key = RowKey.of(row);
        int before = deltas.size();
        deltas.merge(key, count, (a, b) -> a + b == 0 ? null : a + b);
        bytes += (deltas.size() - before) * key.bytes();
    }

    @Override
    public void reshape(ShapeChange change, Table next) {
        PackedRows grownBefore = grown;
        Map<RowKey, Long> old = new LinkedHashMap<>(deltas);
        grown = new PackedRows();
        deltas.clear();
        bytes = 0;
        for (List<Value> row : grownBefore) {
            List<Value> now = change.apply(row);
            if (PackedRows.mayHold(now)) {
                grown.add(now);
            } else {
                count(now, 1);
            }
        }
        old.forEach((row, count) -> count(change.apply(row.fields()), count));
    }

    /** About how much memory {@link #differences} take, and a copy of them. */
    long differencesBytes() {
        return 2 * (grown.unpackedBytes() + bytes);
    }

    /** How many more or fewer there are of each row. */
    Map<RowKey, Long> differences() {
        unpack();
        return Collections.unmodifiableMap(deltas);
    }

    @Override
    public boolean takesFromBase() {
        return deltas.values().stream().anyMatch(count -> count < 0);
    }

    @Override
    public int[] places() {
        return new int[0];
    }

    @Override
    public boolean takes(List<Value> fields) {
        return true; // perhaps: which of equal rows it is counts up
    }

    @Override
    public boolean needsFields() {
        return true;
    }

    @Override
    public void lay(List<Value> baseRow, RowSink sink) throws IOException {
        Long delta = deltas.isEmpty() ? null : deltas.get(RowKey.of(baseRow));
        if (delta == null || delta > 0) {
            sink.row(baseRow);
        } else {
            count(baseRow, 1);
        }
    }

    @Override
    public void finish(RowSink sink) throws IOException {
        for (List<Value> row : grown) {
            lay(row, sink); // those that are fewer may be of these
        }
        for (Map.Entry<RowKey, Long> entry : deltas.entrySet()) {
            if (entry.getValue() < 0) {
                throw new IllegalStateException(
                        "deleted rows are not in the base, for example " + entry.getKey());
            }
            for (long n = 0; n < entry.getValue(); n++) {
                sink.row(entry.getKey().fields());
            }
        }
    }
}
