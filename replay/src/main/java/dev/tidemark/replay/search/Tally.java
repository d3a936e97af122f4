package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Counts changes by table and kind. For one thread. */
final class Tally {
    /**
     * Tables of another cluster may have the same numbers.
     *
     * @param cluster the number of its first stretch
     */
    private record Of(int cluster, long table, ChangeKind kind) {}

    private static final class Count {
        Table table;
        long changes;
        final RowSet rows;
        Place first;
        Place last;

        Count(Table table, Place place, RowSet.Room room) {
            this.table = table;
            this.rows = new RowSet(room);
            this.first = place;
            this.last = place;
        }

        void add(Table as, Place place) {
            changes++;
            if (place.compareTo(first) < 0) {
                first = place;
            }
            if (place.compareTo(last) >= 0) {
                last = place;
                table = as;
            }
        }
    }

    private final RowSet.Room room;
    private final Map<Of, Count> counts =
            new TreeMap<>(
                    Comparator.comparingInt(Of::cluster)
                            .thenComparingLong(Of::table)
                            .thenComparing(Of::kind));

    /**
     * @param room for different rows
     */
    Tally(RowSet.Room room) {
        this.room = room;
    }

    /**
     * Counts one.
     *
     * @param key of the row; empty for a whole table
     */
    void add(int cluster, Table table, ChangeKind kind, Place place, List<Value> key) {
        Count count =
                counts.computeIfAbsent(
                        new Of(cluster, table.id(), kind), first -> new Count(table, place, room));
        count.add(table, place);
        if (!key.isEmpty()) {
            count.rows.add(key);
        }
    }

    /** How many changes. */
    long changes() {
        return counts.values().stream().mapToLong(count -> count.changes).sum();
    }

    /** Were there more rows of one kind than can be counted? */
    boolean isOverfull() {
        return counts.values().stream().anyMatch(count -> count.rows.isFull());
    }

    /** Those of which the times are told. */
    List<Place> places() {
        return counts.values().stream()
                .flatMap(count -> Stream.of(count.first, count.last))
                .toList();
    }

    /** All, by the tables' names. */
    List<FoundCount> counts(Times times, Lives lives) throws IOException {
        List<FoundCount> all = new ArrayList<>();
        for (Map.Entry<Of, Count> one : counts.entrySet()) {
            Count count = one.getValue();
            all.add(
                    new FoundCount(
                            count.table.displayName(),
                            lives.of(one.getKey().cluster(), count.table),
                            one.getKey().kind().toString(),
                            count.changes,
                            count.rows.size(),
                            times.of(count.first),
                            times.of(count.last)));
        }
        all.sort(Comparator.comparing(FoundCount::table)); // kinds of a table stay in their order
        return all;
    }
}
