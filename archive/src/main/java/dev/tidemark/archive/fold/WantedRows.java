package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lets through what becomes of some rows of some tables, and of other tables all. To the fold it
 * looks as if the other rows had never been: a row that gets a key which is wanted is born then,
 * and one that loses it is deleted.
 *
 * <p>Where that does not do, {@link #next} says with which rows to begin anew: a row that gets such
 * a key may be as it was before in fields that the source did not send. Until then nothing more is
 * let through. A table whose key was another one on the way is given up alone: a change there says
 * by that key which row it is, and not by the wanted one.
 *
 * <p>For one thread; what {@link #of(long)} says may be asked by many.
 */
final class WantedRows {
    /** Everything is wanted. */
    static final WantedRows ALL = new WantedRows(Map.of());

    private final Map<Long, KeyedRows> wanted;
    private final Map<Long, int[]> places = new HashMap<>(); // of the keys' fields, by table
    private final Map<Long, Set<List<Value>>> missing = new HashMap<>();
    private final Set<Long> givenUp = new HashSet<>();

    WantedRows(Map<Long, KeyedRows> wanted) {
        this.wanted = Map.copyOf(wanted);
    }

    /** What is wanted of a table; empty for everything. */
    Optional<KeyedRows> of(long table) {
        return Optional.ofNullable(wanted.get(table));
    }

    /**
     * A table has this shape from here on; with another key than the wanted rows it is given up.
     */
    void become(Table table) {
        KeyedRows rows = wanted.get(table.id());
        if (rows == null) {
            return;
        }
        if (!rows.key().equals(table.key())) {
            givenUp.add(table.id());
            return;
        }
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        places.put(table.id(), rows.key().stream().mapToInt(stored::indexOf).toArray());
    }

    /** A table has this shape, and all that happened to it up to here counts for nothing. */
    void beginAnew(Table table) {
        givenUp.remove(table.id());
        missing.remove(table.id());
        become(table);
    }

    /**
     * What the stream says may be wrong: which rows are not told cannot be seen in some of them.
     */
    void giveUpAll() {
        givenUp.addAll(wanted.keySet());
    }

    /** Is nothing more of a table let through in this run? */
    boolean isOver(long table) {
        return missing.containsKey(table) || isGivenUp(table);
    }

    /** Is nothing of a table let through in this run, and all of it in the next? */
    boolean isGivenUp(long table) {
        return givenUp.contains(table);
    }

    /** What a change is to those rows. */
    Optional<Entry.Row> of(Entry.Row row) {
        KeyedRows rows = wanted.get(row.table());
        if (rows == null) {
            return Optional.of(row);
        }
        if (isGivenUp(row.table())) {
            return Optional.empty();
        }
        Optional<Entry.Row> mine =
                switch (row.operation()) {
                    case INSERT, REWRITE ->
                            Optional.of(row).filter(one -> isOf(rows, one.table(), one.after()));
                    case DELETE ->
                            Optional.of(row).filter(one -> isOf(rows, one.table(), one.before()));
                    case UPDATE -> updated(rows, row);
                };
        return isOver(row.table()) ? Optional.empty() : mine;
    }

    private boolean isOf(KeyedRows rows, long table, List<Value> row) {
        return rows.rows().contains(key(table, row));
    }

    private List<Value> key(long table, List<Value> row) {
        int[] at = places.get(table);
        if (at == null) {
            throw new IllegalStateException("a change of the table " + table + " before its shape");
        }
        List<Value> key = new ArrayList<>(at.length);
        boolean isTold = true;
        for (int place : at) {
            Value field = place < row.size() ? row.get(place) : Value.Mark.UNKNOWN;
            isTold &= !(field instanceof Value.Mark);
            key.add(field);
        }
        if (!isTold) {
            givenUp.add(table); // which row that is cannot be said
        }
        return key;
    }

    private Optional<Entry.Row> updated(KeyedRows rows, Entry.Row row) {
        List<Value> is = key(row.table(), row.after());
        List<Value> was = row.image() == BeforeImage.NONE ? is : key(row.table(), row.before());
        if (rows.rows().contains(is)) {
            return rows.rows().contains(was) ? Optional.of(row) : born(row, was);
        }
        return rows.rows().contains(was)
                ? Optional.of(
                        new Entry.Row(
                                row.table(),
                                Operation.DELETE,
                                row.image(),
                                row.before(),
                                List.of()))
                : Optional.empty();
    }

    private Optional<Entry.Row> born(Entry.Row row, List<Value> was) {
        List<Value> whole =
                row.image() == BeforeImage.FULL
                        ? LineRow.merged(row.before(), row.after())
                        : row.after();
        if (whole.contains(Value.Mark.UNCHANGED)) {
            want(row.table(), was);
            return Optional.empty();
        }
        return Optional.of(
                new Entry.Row(row.table(), Operation.INSERT, BeforeImage.NONE, List.of(), whole));
    }

    /** What a line is to those rows. */
    Optional<RowLine> of(long table, RowLine line) {
        KeyedRows rows = wanted.get(table);
        if (rows == null) {
            return Optional.of(line);
        }
        if (isGivenUp(table)) {
            return Optional.empty();
        }
        Optional<RowLine> mine = mine(rows, table, line);
        return isOver(table) ? Optional.empty() : mine;
    }

    private Optional<RowLine> mine(KeyedRows rows, long table, RowLine line) {
        boolean was = line.start().filter(row -> isOf(rows, table, row)).isPresent();
        boolean is = line.end().filter(row -> isOf(rows, table, row)).isPresent();
        if (!is) {
            return was
                    ? Optional.of(
                            new RowLine(
                                    line.first(), line.start(), Optional.empty(), line.changes()))
                    : Optional.empty();
        }
        if (was || line.start().isEmpty()) {
            return Optional.of(line);
        }
        if (line.end().orElseThrow().contains(Value.Mark.UNCHANGED)) {
            want(table, key(table, line.start().get()));
            return Optional.empty();
        }
        return Optional.of(new RowLine(line.first(), Optional.empty(), line.end(), line.changes()));
    }

    private void want(long table, List<Value> key) {
        if (isGivenUp(table)) {
            return;
        }
        missing.computeIfAbsent(table, first -> new HashSet<>()).add(key);
    }

    /** Was everything let through that those rows are made of? */
    boolean isEnough() {
        return missing.isEmpty() && givenUp.isEmpty();
    }

    /** What to let through in a last run: of tables of which this was not enough, all. */
    Map<Long, KeyedRows> last() {
        Map<Long, KeyedRows> last = next();
        last.keySet().removeAll(missing.keySet());
        return last;
    }

    /** What to let through in the next run. */
    Map<Long, KeyedRows> next() {
        Map<Long, KeyedRows> next = new HashMap<>(wanted);
        next.keySet().removeAll(givenUp);
        next.replaceAll(
                (table, rows) -> {
                    Set<List<Value>> more = new HashSet<>(rows.rows());
                    more.addAll(missing.getOrDefault(table, Set.of()));
                    return new KeyedRows(rows.key(), more);
                });
        return next;
    }
}
