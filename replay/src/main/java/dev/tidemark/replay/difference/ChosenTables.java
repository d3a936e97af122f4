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

/**
 * Which tables are asked for: all, or some with their partitions. Immutable.
 *
 * @param tables as they are in the archive's newest catalog, or were last; empty for all
 */
record ChosenTables(List<Table> tables) {
    /**
     * By names, which may be older ones.
     *
     * @throws TidemarkException (refused) when the archive knows no such table, naming the nearest
     */
    static ChosenTables of(Archive archive, Path temporary, List<String> names) throws IOException {
        TableNames known = new TableNames(archive, temporary);
        List<Table> tables = new ArrayList<>();
        for (String name : names) {
            tables.add(known.find(name));
        }
        return new ChosenTables(tables);
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
        if (!areAll() && found.isEmpty()) {
            throw TidemarkException.refused(
                    "%s %s at %s"
                            .formatted(
                                    String.join(
                                            ", ", tables.stream().map(Table::displayName).toList()),
                                    tables.size() == 1
                                            ? "is no table with rows"
                                            : "are no tables with rows",
                                    moments),
                    "Choose moments at which it was there, or leave --table out.");
        }
    }
}
