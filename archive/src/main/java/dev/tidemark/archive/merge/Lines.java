package dev.tidemark.archive.merge;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
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
    private record Line(Key key, long birth) {}

    /** Compares by its bytes. */
    private static final class Key {
        final byte[] bytes;

        Key(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private final int[] places;
    private final boolean[] isNumber;
    private final Map<Key, Line> moved = new HashMap<>(); // by the key that the row has now
    private final Set<Key> away = new HashSet<>(); // first keys of lines whose row has another
    private long births;

    Lines(Table table) {
        List<Column> stored = table.stored();
        places =
                table.key().stream()
                        .mapToInt(
                                id -> {
                                    int place = 0;
                                    while (stored.get(place).id() != id) {
                                        place++;
                                    }
                                    return place;
                                })
                        .toArray();
        isNumber = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            isNumber[i] =
                    switch (stored.get(places[i]).type()) {
                        case "smallint", "integer", "bigint" -> true;
                        default -> false;
                    };
        }
    }

    /** How many rows it remembers. */
    int remembered() {
        return moved.size() + away.size();
    }

    /**
     * Adds the line of a change to a sort's key. Each change of a table without a key is its own.
     */
    void addTo(SortKey key, Entry.Row row) {
        Line line = places.length == 0 ? alone() : of(row);
        key.add(line.key.bytes).add(line.birth);
    }

    private static Line alone() {
        return new Line(new Key(new byte[0]), 0);
    }

    private Line of(Entry.Row row) {
        List<Value> before = row.before().isEmpty() ? row.after() : row.before();
        List<Value> after = row.after().isEmpty() ? row.before() : row.after();
        if (!isKnown(before) || !isKnown(after)) {
            return new Line(new Key(new byte[0]), ++births); // not told which row it is
        }
        Key was = key(before);
        Key is = key(after);
        return switch (row.operation()) {
            case INSERT, REWRITE -> born(is);
            case UPDATE -> move(was, is);
            case DELETE -> end(was);
        };
    }

    private boolean isKnown(List<Value> fields) {
        return Arrays.stream(places)
                .allMatch(place -> place < fields.size() && fields.get(place).isKnown());
    }

    private Key key(List<Value> fields) {
        SortKey key = new SortKey();
        for (int i = 0; i < places.length; i++) {
            key.add(fields.get(places[i]), isNumber[i]);
        }
        return new Key(key.bytes());
    }

    private Line born(Key key) {
        if (!away.contains(key)) {
            return new Line(key, 0);
        }
        Line line = new Line(key, ++births);
        moved.put(key, line);
        return line;
    }

    private Line move(Key was, Key is) {
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

    private Line end(Key was) {
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
