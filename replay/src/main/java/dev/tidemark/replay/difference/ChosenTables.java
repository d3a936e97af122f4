package dev.tidemark.replay.difference;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.replay.history.TableNames;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tables are asked for: all, or some with their partitions. Immutable.
 *
 * @param tables as they are in the archive's newest catalog, or were last; empty for all
 * @param names by which they were asked for, with their schemas where that is known
 */
record ChosenTables(List<Table> tables, Set<String> names) {
    ChosenTables {
        tables = List.copyOf(tables);
        names = Set.copyOf(names);
    }

    /**
     * By names, which may be older ones.
     *
     * @throws TidemarkException (refused) when the archive knows no such table, naming the nearest
     */
    static ChosenTables of(Archive archive, Path temporary, List<String> names) throws IOException {
        TableNames known = new TableNames(archive, temporary);
        List<Table> tables = new ArrayList<>();
        Set<String> asked = new HashSet<>();
        for (String name : names) {
            Table table = known.find(name);
            tables.add(table);
            asked.add(table.name().equals(name) ? table.displayName() : name);
        }
        return new ChosenTables(tables, asked);
    }

    /**
     * With those that had one of the names at a moment: a table that was made anew is another one.
     *
     * @param there the tables of that moment, if they are of the archive's newest cluster
     */
    ChosenTables alsoAt(List<Table> there) {
        Set<Long> known = ids();
        List<Table> more = new ArrayList<>(tables);
        there.stream()
                .filter(table -> names.contains(table.displayName()) && !known.contains(table.id()))
                .forEach(more::add);
        return new ChosenTables(more, names);
    }

    Set<Long> ids() {
        return tables.stream().map(Table::id).collect(Collectors.toSet());
    }

    boolean areAll() {
        return tables.isEmpty();
    }

    /**
     * Those of a database that hold rows.
     *
     * @param above where to look for what they are partitions of
     * @param match how tables of the archive's newest cluster are known in it
     */
    List<Table> of(List<Table> there, List<Table> above, MatchedColumns.Match match) {
        Map<Long, Table> byId = new HashMap<>();
        above.forEach(table -> byId.put(table.id(), table));
        return there.stream()
                .filter(Table::holdsRows)
                .filter(table -> areAll() || isChosen(table, byId, match))
                .toList();
    }

    private boolean isChosen(Table table, Map<Long, Table> there, MatchedColumns.Match match) {
        Deque<Table> above = new ArrayDeque<>(List.of(table));
        Set<Long> seen = new HashSet<>();
        while (!above.isEmpty()) {
            Table one = above.pop();
            if (isNamed(one, match)) {
                return true;
            }
            boolean isPartition = one.partitionBound().isPresent();
            if (isPartition && seen.add(one.id())) {
                one.parents().stream()
                        .filter(there::containsKey)
                        .map(there::get)
                        .forEach(above::push);
            }
        }
        return false;
    }

    private boolean isNamed(Table table, MatchedColumns.Match match) {
        return tables.stream()
                .anyMatch(
                        one ->
                                switch (match) {
                                    case NUMBER -> one.id() == table.id();
                                    case NAME -> one.displayName().equals(table.displayName());
                                });
    }

    /**
     * Is any of them at one of the moments?
     *
     * @throws TidemarkException (refused) when there is none
     */
    void require(List<TablePair> found, String moments) {
        List<String> shown = tables.stream().map(Table::displayName).distinct().toList();
        if (!areAll() && found.isEmpty()) {
            throw TidemarkException.refused(
                    "%s %s at %s"
                            .formatted(
                                    String.join(", ", shown),
                                    shown.size() == 1
                                            ? "is no table with rows"
                                            : "are no tables with rows",
                                    moments),
                    "Choose moments at which it was there, or leave --table out.");
        }
    }
}
