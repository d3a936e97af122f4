package dev.tidemark.replay.content;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which tables hold the rows that a query of a table gives: itself, its partitions, and those that
 * inherit from it; foreign ones are on other servers, and are none. Immutable.
 */
public final class RowHolders {
    private final Map<Long, List<Table>> children;

    private RowHolders(Map<Long, List<Table>> children) {
        this.children = children;
    }

    /** Those of a catalog. */
    public static RowHolders of(Catalog catalog) {
        Map<Long, List<Table>> children = new HashMap<>();
        for (Table table : catalog.tables()) {
            table.parents()
                    .forEach(
                            parent ->
                                    children.computeIfAbsent(parent, any -> new ArrayList<>())
                                            .add(table));
        }
        return new RowHolders(children);
    }

    /** Those of a table. */
    public List<Table> of(Table table) {
        Set<Table> all = new LinkedHashSet<>(List.of(table));
        Deque<Table> todo = new ArrayDeque<>(all);
        while (!todo.isEmpty()) {
            children.getOrDefault(todo.remove().id(), List.of()).stream()
                    .filter(all::add)
                    .forEach(todo::add);
        }
        return all.stream().filter(Table::holdsRows).toList();
    }
}
