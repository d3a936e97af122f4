package dev.tidemark.archive.merge;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells to which line a change belongs: to that of the row that it changes, whatever keys the row
 * had. A line is named by the first key that it had here. Changes come in commit order. For one
 * thread.
 *
 * <p>Memory grows with the rows that have another key than their line, and only with these.
 */
final class Lines {
    /**
     * A line.
     *
     * @param key of a sort: lines are in the order of their rows' first keys
     * @param birth 0, or what tells it from an older line with the same first key, whose row lives
     *     on under another one
     */
    private record Line(LineKey key, long birth) {}

    private final LineOrder order;
    private final Map<LineKey, Line> moved = new HashMap<>(); // by the key that the row has now
    private final Set<LineKey> away = new HashSet<>(); // first keys of lines whose row has another
    private long births;

    Lines(Table table) {
        order = new LineOrder(table);
    }

    /** How many rows it remembers. */
    int remembered() {
        return moved.size() + away.size();
    }

    /**
     * Adds the line of a change to a sort's key. Each change of a table without a key is its own.
     */
    void addTo(SortKey key, Entry.Row row) {
        Line line = order.hasKey() ? of(row) : alone();
        key.add(line.key.bytes()).add(line.birth);
    }

    private static Line alone() {
        return new Line(LineKey.FIRST, 0);
    }

    private Line of(Entry.Row row) {
        List<Value> before = row.before().isEmpty() ? row.after() : row.before();
        List<Value> after = row.after().isEmpty() ? row.before() : row.after();
        if (!order.isKnown(before) || !order.isKnown(after)) {
            return new Line(LineKey.FIRST, ++births); // not told which row it is
        }
        LineKey was = order.of(before);
        LineKey is = order.of(after);
        return switch (row.operation()) {
            case INSERT, REWRITE -> born(is);
            case UPDATE -> move(was, is);
            case DELETE -> end(was);
        };
    }

    private Line born(LineKey key) {
        if (!away.contains(key)) {
            return new Line(key, 0);
        }
        Line line = new Line(key, ++births);
        moved.put(key, line);
        return line;
    }

    private Line move(LineKey was, LineKey is) {
        Line known = moved.remove(was);
        Line line = known == null ? new Line(was, 0) : known;
        boolean isHome = line.birth == 0 && line.key.equals(is);
        if (!isHome) {
            moved.put(is, line);
        }
        if (line.birth == 0) {
            if (isHome) {
                away.remove(line.key);
            } else {
                away.add(line.key);
            }
        }
        return line;
    }

    private Line end(LineKey was) {
        Line known = moved.remove(was);
        if (known == null) {
            return new Line(was, 0);
        }
        if (known.birth == 0) {
            away.remove(known.key);
        }
        return known;
    }
}
