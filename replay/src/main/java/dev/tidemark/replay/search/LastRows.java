package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What rows were last, by their keys of now, as far as a question needs it. A table whose rows do
 * not fit the memory is forgotten, and so is one of which the changes do not tell any more what
 * became of its rows: from there on it is not known what they were. For one thread.
 */
final class LastRows {
    private static final int ENTRY_BYTES = 160; // of the maps, the row and its lists
    private static final int VALUE_BYTES = 40;

    /** The fields that are kept of a row. */
    private static final class Kept {
        final Optional<List<Value>> origin;
        final Table table;
        final int width;
        final int[] places;
        final Value[] fields;

        Kept(RowState row, int[] places) {
            this.origin = row.origin();
            this.table = row.table();
            this.width = row.fields().size();
            this.places = places;
            this.fields = new Value[places.length];
            Arrays.setAll(fields, i -> row.fields().get(places[i]));
        }

        RowState row() {
            Value[] all = new Value[width];
            Arrays.fill(all, Value.Mark.UNKNOWN);
            for (int i = 0; i < places.length; i++) {
                all[places[i]] = fields[i];
            }
            return new RowState(origin, table, Arrays.asList(all));
        }

        long bytes() {
            long bytes = ENTRY_BYTES;
            for (Value field : fields) {
                bytes += field instanceof Value.Mark ? 0 : VALUE_BYTES + field.bytes();
            }
            return bytes;
        }
    }

    /** Those of one table. */
    private static final class Rows {
        final Map<List<Value>, Kept> byKey = new HashMap<>();
        long bytes;
    }

    private final AddedColumns added;
    private final long bytesMax;
    private final Map<Long, Rows> tables = new HashMap<>();
    private final Set<Long> broken = new HashSet<>();
    private long bytes;
    private boolean isOverfull;

    /**
     * @param bytesMax what they may take, nearly
     */
    LastRows(AddedColumns added, long bytesMax) {
        this.added = added;
        this.bytesMax = bytesMax;
    }

    /** A table has this shape from here on. */
    void become(Table table) {
        added.learn(table);
    }

    /**
     * What a row was last, in a shape of its table; a row that nothing was told of is as at the
     * start of the window.
     *
     * @param width how many fields it has in that shape
     */
    RowState of(Table table, List<Value> key, int width) {
        Kept kept = rows(table.id()).byKey.get(key);
        if (kept != null) {
            RowState row = kept.row();
            return new RowState(row.origin(), table, added.move(row.table(), row.fields(), table));
        }
        boolean isToldOnlyThere =
                !broken.contains(table.id()) && key.stream().allMatch(Value.Text.class::isInstance);
        return new RowState(
                isToldOnlyThere ? Optional.of(key) : Optional.empty(),
                table,
                Collections.nCopies(width, Value.Mark.UNKNOWN));
    }

    private Rows rows(long table) {
        return tables.computeIfAbsent(table, first -> new Rows());
    }

    void remove(long table, List<Value> key) {
        Rows rows = rows(table);
        Kept gone = rows.byKey.remove(key);
        grew(rows, gone == null ? 0 : -gone.bytes());
    }

    /**
     * A row is like this now.
     *
     * @param places those of the fields to keep
     */
    void put(List<Value> key, RowState row, int[] places) {
        Kept kept = new Kept(row, places);
        Rows rows = rows(row.table().id());
        Kept before = rows.byKey.put(key, kept);
        grew(rows, kept.bytes() - (before == null ? 0 : before.bytes()));
        while (bytes > bytesMax) {
            isOverfull = true;
            breakOff(
                    tables.entrySet().stream()
                            .max(Comparator.comparingLong(one -> one.getValue().bytes))
                            .orElseThrow()
                            .getKey());
        }
    }

    private void grew(Rows rows, long more) {
        rows.bytes += more;
        bytes += more;
    }

    /** What was told of a table's rows says nothing of them from here on. */
    void breakOff(long table) {
        Rows gone = tables.remove(table);
        bytes -= gone == null ? 0 : gone.bytes;
        broken.add(table);
    }

    /** The same of all tables that were told of. */
    void breakOffAll(Set<Long> others) {
        broken.addAll(tables.keySet());
        broken.addAll(others);
        tables.clear();
        bytes = 0;
    }

    /** Did the memory not do? */
    boolean isOverfull() {
        return isOverfull;
    }
}
