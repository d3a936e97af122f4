package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes of a table whose rows have keys: the last state of each row that changed. */
final class KeyedOverlay implements Overlay {
    /**
     * A row that changed. Its unchanged fields are still those of the base row that it came from.
     */
    static final class Live {
        private Value[] fields;
        private @Nullable RowKey origin; // the base row's key, while a field is unchanged

        private Live(List<Value> fields, @Nullable RowKey origin) {
            this.fields = fields.toArray(Value[]::new);
            this.origin = origin;
        }

        private boolean isComplete() {
            return !Arrays.asList(fields).contains(Value.Mark.UNCHANGED);
        }
    }

    private int[] key; // places of its fields in a row
    private int[] ascending; // the same places
    private int[] inAscending; // where each of the key's is in those
    private final Map<RowKey, Live> live = new HashMap<>();

    /**
     * Keys of base rows that are no longer as they were; with the row that still needs fields of
     * it.
     */
    private final Map<RowKey, Optional<Live>> touched = new HashMap<>();

    private long bytes;

    KeyedOverlay(Table table) {
        key = places(table);
        ascending = Arrays.stream(key).sorted().toArray();
        inAscending = inAscending();
    }

    private int[] inAscending() {
        return Arrays.stream(key).map(place -> Arrays.binarySearch(ascending, place)).toArray();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    private @Nullable Live put(RowKey now, Live row) {
        bytes += now.bytes() + RowKey.bytes(row.fields);
        return live.put(now, row);
    }

    private @Nullable Live take(RowKey now) {
        Live row = live.remove(now);
        if (row != null) {
            bytes -= now.bytes() + RowKey.bytes(row.fields);
        }
        return row;
    }

    /** Was the base row as it was until now? */
    private boolean touch(RowKey base, Optional<Live> row) {
        boolean isFirst = touched.put(base, row) == null;
        bytes += isFirst ? base.bytes() : 0;
        return isFirst;
    }

    private static int[] places(Table table) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return table.key().stream().mapToInt(stored::indexOf).toArray();
    }

    @Override
    public void apply(Entry.Row row) {
        switch (row.operation()) {
            case INSERT, REWRITE -> insert(RowKey.of(row.after(), key), row.after());
            case UPDATE -> {
                RowKey now = RowKey.of(row.after(), key);
                RowKey old = row.image() == BeforeImage.NONE ? now : RowKey.of(row.before(), key);
                arrive(new Arrival(now, changed(old, row.after())));
            }
            case DELETE -> remove(RowKey.of(row.before(), key));
        }
    }

    /**
     * Of lines with the same first key, that of the row that is older comes first: so a row that is
     * born there finds it free, and one that keeps its key meets nobody.
     */
    @Override
    public Optional<Arrival> apply(RowLine line) {
        if (line.end().isEmpty()) {
            line.start().ifPresent(row -> remove(RowKey.of(row, key)));
            return Optional.empty();
        }
        List<Value> end = line.end().get();
        RowKey now = RowKey.of(end, key);
        boolean isAtHome = RowKey.of(line.first(), key).equals(now);
        if (isAtHome && line.start().isEmpty()) {
            insert(now, end);
            return Optional.empty();
        }
        Live row =
                line.start().isPresent()
                        ? changed(RowKey.of(line.start().get(), key), end)
                        : new Live(end, null);
        if (!isAtHome) {
            return Optional.of(new Arrival(now, row));
        }
        arrive(new Arrival(now, row));
        return Optional.empty();
    }

    private void insert(RowKey now, List<Value> fields) {
        if (put(now, new Live(fields, null)) != null) {
            throw new IllegalStateException("a second insert of the row " + now);
        }
    }

    /** Takes a row from its key, with the fields that it has from here on. */
    private Live changed(RowKey old, List<Value> after) {
        Live before = take(old);
        Live next;
        if (before == null) {
            next = new Live(after, old);
            claim(old, next);
        } else {
            next = new Live(merged(before.fields, after), before.origin);
            if (before.origin != null) {
                touch(before.origin, next.isComplete() ? Optional.empty() : Optional.of(next));
            }
        }
        if (next.isComplete()) {
            next.origin = null;
        }
        return next;
    }

    @Override
    public void arrive(Arrival arrival) {
        if (put(arrival.key(), arrival.row()) != null) {
            throw new IllegalStateException("an update gave two rows the key " + arrival.key());
        }
    }

    private void claim(RowKey base, Live next) {
        if (!touch(base, next.isComplete() ? Optional.empty() : Optional.of(next))) {
            throw new IllegalStateException("an update of the row " + base + ", which was gone");
        }
    }

    private void remove(RowKey old) {
        Live before = take(old);
        if (before == null) {
            if (!touch(old, Optional.empty())) {
                throw new IllegalStateException("a delete of the row " + old + ", which was gone");
            }
        } else if (before.origin != null) {
            touch(before.origin, Optional.empty());
        }
    }

    private static List<Value> merged(Value[] before, List<Value> after) {
        Value[] fields = after.toArray(Value[]::new);
        for (int i = 0; i < fields.length; i++) {
            if (fields[i] == Value.Mark.UNCHANGED) {
                fields[i] = before[i];
            }
        }
        return Arrays.asList(fields);
    }

    @Override
    public void reshape(ShapeChange change, Table next) {
        for (Live row : live.values()) {
            row.fields = change.apply(Arrays.asList(row.fields)).toArray(Value[]::new);
        }
        key = places(next);
        ascending = Arrays.stream(key).sorted().toArray();
        inAscending = inAscending();
    }

    /** Keys of rows of the base that are no longer as they were. */
    Set<RowKey> keysBefore() {
        return Collections.unmodifiableSet(touched.keySet());
    }

    /** Keys of the rows that changed, as they are now. */
    Set<RowKey> keysAfter() {
        return Collections.unmodifiableSet(live.keySet());
    }

    /** Was the row of the base that has this key as it was until now? */
    boolean isAsInBase(RowKey base) {
        return !touched.containsKey(base) && !live.containsKey(base);
    }

    /** Where the key's fields are in a row, in the key's order. */
    int[] keyPlaces() {
        return key.clone();
    }

    @Override
    public boolean takesFromBase() {
        return !touched.isEmpty() || !live.isEmpty();
    }

    @Override
    public int[] places() {
        return ascending.clone();
    }

    @Override
    public boolean takes(List<Value> fields) {
        return isTouched(RowKey.of(fields, inAscending));
    }

    @Override
    public boolean needsFields() {
        return touched.values().stream().anyMatch(Optional::isPresent);
    }

    private boolean isTouched(RowKey base) {
        if (touched.containsKey(base)) {
            return true;
        }
        if (live.containsKey(base)) {
            throw new IllegalStateException(
                    "a change made a row " + base + ", which is in the base");
        }
        return false;
    }

    @Override
    public void lay(List<Value> baseRow, RowSink sink) throws IOException {
        if (!takesFromBase()) {
            sink.row(baseRow);
            return;
        }
        RowKey now = RowKey.of(baseRow, key);
        if (!isTouched(now)) {
            sink.row(baseRow);
            return;
        }
        Optional<Live> superseded = Objects.requireNonNull(touched.remove(now));
        if (superseded.isPresent()) {
            Live row = superseded.get();
            row.fields =
                    merged(baseRow.toArray(Value[]::new), Arrays.asList(row.fields))
                            .toArray(Value[]::new);
            row.origin = null;
        }
    }

    @Override
    public void finish(RowSink sink) throws IOException {
        if (!touched.isEmpty()) {
            throw new IllegalStateException(
                    touched.size()
                            + " changed rows are not in the base, for example the one with the key "
                            + touched.keySet().iterator().next());
        }
        for (Live row : new ArrayList<>(live.values())) {
            if (!row.isComplete()) {
                throw new IllegalStateException(
                        "a row's unchanged fields are not in the base: " + row.origin);
            }
            sink.row(Arrays.asList(row.fields));
        }
    }
}
