package dev.tidemark.replay.rows;

import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.replay.keys.ForeignKey;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which rows can be inserted under foreign keys. */
final class InsertOrder {
    private InsertOrder() {}

    /** Parents first; tables that name each other, directly or by others, together. */
    static List<List<Chosen.ChosenTable>> of(Catalog catalog, List<Chosen.ChosenTable> tables) {
        Map<Long, Set<Long>> parents = parents(catalog);
        Map<Long, Set<Long>> above = new HashMap<>();
        tables.forEach(one -> above.put(one.table().id(), above(one.table().id(), parents)));
        List<List<Chosen.ChosenTable>> order = new ArrayList<>();
        Set<Long> placed = new HashSet<>();
        // What is above a table has less above itself, unless they name each other.
        List<Chosen.ChosenTable> lowestLast =
                tables.stream()
                        .sorted(
                                Comparator.comparingInt(
                                        one -> withItself(above, one.table().id()).size()))
                        .toList();
        for (Chosen.ChosenTable one : lowestLast) {
            if (!placed.contains(one.table().id())) {
                List<Chosen.ChosenTable> together =
                        lowestLast.stream()
                                .filter(
                                        other ->
                                                other.equals(one)
                                                        || areMutual(
                                                                above,
                                                                one.table().id(),
                                                                other.table().id()))
                                .toList();
                together.forEach(other -> placed.add(other.table().id()));
                order.add(together);
            }
        }
        return order;
    }

    /** Do rows of a table name rows of the same one? */
    static boolean isOfItself(Catalog catalog, Table table) {
        return parents(catalog).getOrDefault(table.id(), Set.of()).contains(table.id());
    }

    private static Set<Long> withItself(Map<Long, Set<Long>> above, long table) {
        Set<Long> all = new HashSet<>(above.getOrDefault(table, Set.of()));
        all.add(table);
        return all;
    }

    private static boolean areMutual(Map<Long, Set<Long>> above, long one, long other) {
        return above.getOrDefault(one, Set.of()).contains(other)
                && above.getOrDefault(other, Set.of()).contains(one);
    }

    private static Set<Long> above(long table, Map<Long, Set<Long>> parents) {
        Set<Long> above = new HashSet<>();
        Deque<Long> todo = new ArrayDeque<>(parents.getOrDefault(table, Set.of()));
        while (!todo.isEmpty()) {
            long one = todo.pop();
            if (above.add(one)) {
                todo.addAll(parents.getOrDefault(one, Set.of()));
            }
        }
        return above;
    }

    private static Map<Long, Set<Long>> parents(Catalog catalog) {
        TableSearch tables = new TableSearch(catalog);
        Map<Long, Set<Long>> parents = new HashMap<>();
        for (ForeignKey key : DeclaredKeys.of(catalog).foreign()) {
            tables.table(key.parent().schema(), key.parent().name())
                    .ifPresent(
                            parent -> {
                                for (Table child : tables.holders(tables.table(key.child()))) {
                                    tables.holders(parent)
                                            .forEach(
                                                    of ->
                                                            parents.computeIfAbsent(
                                                                            child.id(),
                                                                            any -> new HashSet<>())
                                                                    .add(of.id()));
                                }
                            });
        }
        return parents;
    }
}
