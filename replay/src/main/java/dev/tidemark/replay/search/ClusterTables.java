package dev.tidemark.replay.search;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The tables of one cluster that are asked for, and their columns: each by any name that it has at
 * any time of the window, or at the end of one of its stretches. A table and a column have the same
 * number in all stretches of a cluster. Immutable.
 */
final class ClusterTables {
    private final Optional<Set<Long>> ids; // empty for all
    private final Map<Long, Set<Table>> shapes = new HashMap<>(); // of those that are asked for
    private final Map<Long, Set<Integer>> columns = new HashMap<>();
    private final Map<Long, Map<Integer, String>> names = new HashMap<>(); // of columns, the last

    private ClusterTables(Optional<Set<Long>> ids) {
        this.ids = ids;
    }

    /**
     * Finds them.
     *
     * @param stretches of the cluster
     * @param named is a table asked for by what it is in one of its shapes? Empty for all
     * @param column the one that is asked for; empty for all
     */
    static ClusterTables of(
            List<StretchShapes> stretches,
            Optional<Predicate<Table>> named,
            Optional<String> column) {
        List<Table> all =
                stretches.stream()
                        .flatMap(
                                one -> Stream.concat(one.inWindow().stream(), one.atEnd().stream()))
                        .toList();
        ClusterTables tables = new ClusterTables(named.map(asked -> ids(asked, all)));
        for (Table table : all) {
            if (tables.isWanted(table)) {
                tables.learn(table, column);
            }
        }
        return tables;
    }

    /** Those tables, and what holds their rows at any time. */
    private static Set<Long> ids(Predicate<Table> asked, List<Table> all) {
        Set<Long> ids = new HashSet<>(all.stream().filter(asked).map(Table::id).toList());
        List<Table> children = all.stream().filter(table -> !table.parents().isEmpty()).toList();
        boolean isMore = !ids.isEmpty();
        while (isMore) {
            isMore = false;
            for (Table child : children) {
                isMore |= child.parents().stream().anyMatch(ids::contains) && ids.add(child.id());
            }
        }
        return ids;
    }

    private void learn(Table table, Optional<String> column) {
        shapes.computeIfAbsent(table.id(), first -> new LinkedHashSet<>()).add(table);
        for (Column one : table.stored()) {
            names.computeIfAbsent(table.id(), first -> new HashMap<>()).put(one.id(), one.name());
            if (column.filter(one.name()::equals).isPresent()) {
                columns.computeIfAbsent(table.id(), first -> new HashSet<>()).add(one.id());
            }
        }
    }

    /** Is a table asked for? */
    boolean isWanted(Table table) {
        return isWanted(table.id()) && table.holdsRows();
    }

    boolean isWanted(long table) {
        return ids.isEmpty() || ids.get().contains(table);
    }

    /** Is a column asked for by its name? */
    boolean isNamed(Table table, Column one) {
        return columns.getOrDefault(table.id(), Set.of()).contains(one.id());
    }

    /** All shapes that a table has. */
    Set<Table> shapes(long table) {
        return Collections.unmodifiableSet(shapes.getOrDefault(table, Set.of()));
    }

    /** All shapes of all tables that are asked for. */
    Stream<Table> shapes() {
        return shapes.values().stream().flatMap(Collection::stream);
    }

    /** A table in a shape, with the names that its columns have last. */
    Table named(Table table) {
        Map<Integer, String> last = names.getOrDefault(table.id(), Map.of());
        List<Column> columns =
                table.columns().stream()
                        .map(one -> one.named(last.getOrDefault(one.id(), one.name())))
                        .toList();
        return columns.equals(table.columns())
                ? table
                : table.renamed(table.schema(), table.name(), columns);
    }
}
