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
 * @param asked as they are at the archive's end, or were last, each with the cluster that it is of;
 *     empty for all
 */
record ChosenTables(List<TableNames.Named> asked) {
    ChosenTables {
        asked = List.copyOf(asked);
    }

    /**
     * By names, which may be older ones.
     *
     * @throws TidemarkException (refused) when the archive knows no such table, naming the nearest
     */
    static ChosenTables of(Archive archive, Path temporary, List<String> names) throws IOException {
        TableNames known = new TableNames(archive, temporary);
        List<TableNames.Named> asked = new ArrayList<>();
        for (String name : names) {
            asked.add(known.named(name));
        }
        return new ChosenTables(asked);
    }

    /**
     * With those that are meant at a moment, so that they are known under any other name: one that
     * was made anew is another table, and so is that of another cluster.
     */
    ChosenTables alsoAt(ArchivedState moment) {
        Set<Long> known = ids(moment.system());
        List<TableNames.Named> more = new ArrayList<>(asked);
        for (Table table : moment.catalog().tables()) {
            asked.stream()
                    .filter(one -> one.isIn(moment.system(), table))
                    .filter(one -> !known.contains(table.id()))
                    .findFirst()
                    .map(one -> new TableNames.Named(one.displayName(), table, moment.system()))
                    .ifPresent(more::add);
        }
        return new ChosenTables(more);
    }

    /** Those of a cluster. */
    Set<Long> ids(String system) {
        return asked.stream()
                .filter(one -> one.system().equals(system))
                .map(one -> one.table().id())
                .collect(Collectors.toSet());
    }

    boolean areAll() {
        return asked.isEmpty();
    }

    /**
     * Those of a database that hold rows.
     *
     * @param above where to look for what they are partitions of
     * @param system the cluster that it is of
     */
    List<Table> of(List<Table> there, List<Table> above, String system) {
        Map<Long, Table> byId = new HashMap<>();
        above.forEach(table -> byId.put(table.id(), table));
        return there.stream()
                .filter(Table::holdsRows)
                .filter(table -> areAll() || isChosen(table, byId, system))
                .toList();
    }

    private boolean isChosen(Table table, Map<Long, Table> there, String system) {
        Deque<Table> above = new ArrayDeque<>(List.of(table));
        Set<Long> seen = new HashSet<>();
        while (!above.isEmpty()) {
            Table one = above.pop();
            if (asked.stream().anyMatch(named -> named.isIn(system, one))) {
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

    /**
     * Is any of them at one of the moments?
     *
     * @throws TidemarkException (refused) when there is none
     */
    void require(List<TablePair> found, String moments) {
        List<String> shown =
                asked.stream().map(one -> one.table().displayName()).distinct().toList();
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
