package dev.tidemark.replay.load;

import static java.util.Comparator.comparingLong;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Tables that inherit from each other, of which one has its columns in an order that CREATE TABLE
 * cannot give: a parent got a column when its child was there. They are made without columns, which
 * are then added one by one, each where it stands first, so that all get theirs in their order and
 * know which they have from their parents. For one thread.
 */
final class InheritanceTree {
    private final Map<Long, TableStatements> members = new LinkedHashMap<>();
    private final Map<Long, Table> tables = new HashMap<>();
    private final Map<Long, Set<Long>> descendants = new HashMap<>();

    /** What each table has already. */
    private final Map<Long, Set<String>> present = new HashMap<>();

    /**
     * @param parentsFirst all tables of the tree
     */
    private InheritanceTree(List<Table> parentsFirst) {
        parentsFirst.forEach(table -> tables.put(table.id(), table));
        for (Table table : parentsFirst) {
            members.put(table.id(), TableStatements.ofColumns(table, parents(table)));
            present.put(table.id(), new HashSet<>());
            descendants.put(table.id(), new LinkedHashSet<>());
        }
        for (Table table : parentsFirst.reversed()) {
            for (Table parent : parents(table)) {
                Set<Long> below =
                        descendants.computeIfAbsent(parent.id(), any -> new LinkedHashSet<>());
                below.add(table.id());
                below.addAll(descendants.getOrDefault(table.id(), Set.of()));
            }
        }
    }

    /** The trees of these tables that need it. Other tables are made one by one. */
    static List<InheritanceTree> of(List<Table> all) {
        Map<Long, Table> byId = new HashMap<>();
        all.stream()
                .filter(table -> table.kind().equals("r") && table.partitionBound().isEmpty())
                .forEach(table -> byId.put(table.id(), table));
        Map<Long, Set<Long>> trees = new LinkedHashMap<>();
        byId.keySet().stream()
                .sorted()
                .forEach(id -> trees.put(id, new LinkedHashSet<>(Set.of(id))));
        for (Table table : all) {
            for (long parent : table.parents()) {
                if (byId.containsKey(table.id()) && byId.containsKey(parent)) {
                    join(trees, table.id(), parent);
                }
            }
        }
        List<InheritanceTree> needed = new ArrayList<>();
        for (Set<Long> tree : new LinkedHashSet<>(trees.values())) {
            ofOne(tree.stream().map(byId::get).filter(Objects::nonNull).toList())
                    .ifPresent(needed::add);
        }
        return needed;
    }

    private static void join(Map<Long, Set<Long>> trees, long one, long other) {
        Set<Long> joined = new LinkedHashSet<>(trees.getOrDefault(one, Set.of()));
        joined.addAll(trees.getOrDefault(other, Set.of()));
        joined.forEach(id -> trees.put(id, joined));
    }

    private static Optional<InheritanceTree> ofOne(List<Table> tables) {
        InheritanceTree tree = new InheritanceTree(parentsFirst(tables));
        boolean isNeeded =
                tables.stream()
                        .anyMatch(
                                table ->
                                        !new TableStatements(table, tree.parents(table))
                                                .hasInheritedOrder());
        // An expression may name a column that comes later.
        boolean isGenerated =
                tables.stream()
                        .flatMap(table -> table.columns().stream())
                        .anyMatch(Column::isGenerated);
        return isNeeded && !isGenerated && tree.columns().isPresent()
                ? Optional.of(tree)
                : Optional.empty();
    }

    private static List<Table> parentsFirst(List<Table> tables) {
        Set<Long> ids = new HashSet<>();
        tables.forEach(table -> ids.add(table.id()));
        List<Table> ordered = new ArrayList<>();
        Set<Long> done = new HashSet<>();
        while (ordered.size() < tables.size()) {
            int before = ordered.size();
            for (Table table : tables) {
                boolean isReady =
                        table.parents().stream()
                                .allMatch(parent -> !ids.contains(parent) || done.contains(parent));
                if (isReady && done.add(table.id())) {
                    ordered.add(table);
                }
            }
            if (ordered.size() == before) {
                throw new IllegalStateException("tables inherit from each other in a circle");
            }
        }
        return ordered;
    }

    private List<Table> parents(Table table) {
        return table.parents().stream().map(tables::get).filter(Objects::nonNull).toList();
    }

    Set<Long> ids() {
        return members.keySet();
    }

    boolean has(String reference) {
        return tables.values().stream().anyMatch(table -> table.reference().equals(reference));
    }

    TableStatements statements(long id) {
        return Objects.requireNonNull(members.get(id));
    }

    /** What makes the columns of all, once the tables are there; empty when there is no way. */
    Optional<List<String>> columns() {
        present.values().forEach(Set::clear);
        List<String> statements = new ArrayList<>();
        boolean isMoving = true;
        while (isMoving) {
            isMoving = false;
            for (Table table : members()) {
                Optional<Column> next = next(table);
                if (next.isPresent() && canAdd(table, next.get())) {
                    add(table, next.get(), statements);
                    isMoving = true;
                }
            }
        }
        if (tables.values().stream().anyMatch(table -> next(table).isPresent())) {
            return Optional.empty();
        }
        // A child's own NOT NULL is made before its parent's, which then finds it.
        members.values().stream()
                .toList()
                .reversed()
                .forEach(member -> statements.addAll(member.columnDetails()));
        return Optional.of(statements);
    }

    private List<Table> members() {
        return tables.values().stream().sorted(comparingLong(Table::id)).toList();
    }

    private Optional<Column> next(Table table) {
        Set<String> there = present.getOrDefault(table.id(), Set.of());
        return table.columns().stream()
                .filter(column -> !there.contains(column.name()))
                .findFirst();
    }

    /** May it be added here and, by that, to all tables below? */
    private boolean canAdd(Table table, Column column) {
        return !column.inherited()
                && below(table).stream().allMatch(child -> takes(child, column.name()));
    }

    private List<Table> below(Table table) {
        return descendants.getOrDefault(table.id(), Set.of()).stream()
                .map(tables::get)
                .filter(Objects::nonNull)
                .toList();
    }

    private boolean takes(Table child, String name) {
        return present.getOrDefault(child.id(), Set.of()).contains(name)
                || next(child)
                        .filter(column -> column.name().equals(name) && column.inherited())
                        .isPresent();
    }

    private void add(Table table, Column column, List<String> statements) {
        statements.add(statements(table.id()).addColumn(column));
        present.computeIfAbsent(table.id(), any -> new HashSet<>()).add(column.name());
        for (Table child : below(table)) {
            present.computeIfAbsent(child.id(), any -> new HashSet<>()).add(column.name());
        }
    }
}
