package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What transactions did, as far as it answers: how often what to which table. Keeps the first so
 * many. For one thread.
 */
final class Deeds {
    /** About what one takes in memory. */
    private static final int DEED_BYTES = 250;

    /**
     * What was done to a table.
     *
     * @param columns by which a change answers, where that was asked
     */
    record Shape(String table, ChangeKind kind, List<String> columns) {
        private static final Comparator<Shape> ORDER =
                Comparator.comparing(Shape::table)
                        .thenComparing(Shape::kind)
                        .thenComparing(shape -> String.join(",", shape.columns()));
    }

    /**
     * Who did something in which transaction.
     *
     * @param claim whom rows name
     */
    record Of(int part, int transaction, Optional<String> claim) {}

    private static final class Deed {
        int[] shapes = {};
        long[] changes = {};

        void add(int shape) {
            for (int i = 0; i < shapes.length; i++) {
                if (shapes[i] == shape) {
                    changes[i]++;
                    return;
                }
            }
            shapes = Arrays.copyOf(shapes, shapes.length + 1);
            changes = Arrays.copyOf(changes, changes.length + 1);
            shapes[shapes.length - 1] = shape;
            changes[changes.length - 1] = 1;
        }
    }

    private final int max;
    private final Map<Shape, Integer> numbers = new HashMap<>();
    private final List<Shape> shapes = new ArrayList<>();
    private final List<Table> tables = new ArrayList<>(); // of the shapes, as they were first
    private final Map<Integer, Map<Of, Deed>> deeds = new HashMap<>(); // by segment
    private int count;
    private boolean isOverfull;

    /**
     * @param bytesMax what they may take in memory, nearly
     */
    Deeds(long bytesMax) {
        this.max = Math.toIntExact(Math.clamp(bytesMax / DEED_BYTES, 1, Integer.MAX_VALUE / 2));
    }

    void add(Place place, Table table, Judgement judgement) {
        Of of = new Of(place.part(), place.transaction(), judgement.claim());
        Map<Of, Deed> there = deeds.computeIfAbsent(of.part(), first -> new HashMap<>());
        Deed deed = there.get(of);
        if (deed == null) {
            if (count >= max) {
                isOverfull = true;
                return;
            }
            count++;
            deed = new Deed();
            there.put(of, deed);
        }
        deed.add(
                number(
                        new Shape(table.displayName(), judgement.kind(), judgement.columns()),
                        table));
    }

    private int number(Shape shape, Table table) {
        return numbers.computeIfAbsent(
                shape,
                first -> {
                    shapes.add(first);
                    tables.add(table);
                    return shapes.size() - 1;
                });
    }

    /**
     * What one transaction did.
     *
     * @param shapes what, in a fixed order
     * @param changes how often each, in the same order
     */
    record Done(Of of, List<Shape> shapes, List<Long> changes) {
        long all() {
            return changes.stream().mapToLong(Long::longValue).sum();
        }

        /** The same with what it did besides. */
        Done with(Done other) {
            Map<Shape, Long> both = new LinkedHashMap<>();
            for (Done one : List.of(this, other)) {
                for (int i = 0; i < one.shapes.size(); i++) {
                    both.merge(one.shapes.get(i), one.changes.get(i), Long::sum);
                }
            }
            return Done.of(of, both);
        }

        static Done of(Of of, Map<Shape, Long> changes) {
            Map<Shape, Long> sorted = new TreeMap<>(Shape.ORDER);
            sorted.putAll(changes);
            return new Done(of, List.copyOf(sorted.keySet()), List.copyOf(sorted.values()));
        }
    }

    /** Those in a segment, by their transactions. */
    SortedMap<Integer, List<Done>> in(int part) {
        SortedMap<Integer, List<Done>> all = new TreeMap<>();
        deeds.getOrDefault(part, Map.of())
                .forEach(
                        (of, deed) ->
                                all.computeIfAbsent(of.transaction(), first -> new ArrayList<>(1))
                                        .add(done(of, deed)));
        return all;
    }

    private Done done(Of of, Deed deed) {
        Map<Shape, Long> changes = new HashMap<>();
        for (int i = 0; i < deed.shapes.length; i++) {
            changes.put(shapes.get(deed.shapes[i]), deed.changes[i]);
        }
        return Done.of(of, changes);
    }

    /** A table to which something was done. */
    Table table(Shape shape) {
        return tables.get(Objects.requireNonNull(numbers.get(shape)));
    }

    /** Were there more than are kept? */
    boolean isOverfull() {
        return isOverfull;
    }
}
