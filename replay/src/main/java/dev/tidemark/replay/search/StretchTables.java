package dev.tidemark.replay.search;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.replay.content.RowHolders;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tables of one stretch that are asked for, and their columns: each by any name that it has at
 * the beginning, at the end, or at the change. Immutable.
 */
final class StretchTables {
    private final Optional<Set<Long>> ids; // empty for all
    private final Optional<String> column;
    private final Map<Long, Set<Integer>> columns = new HashMap<>();
    private final Set<Table> shapes = new LinkedHashSet<>();

    private StretchTables(Optional<Set<Long>> ids, Optional<String> column) {
        this.ids = ids;
        this.column = column;
    }

    /**
     * Finds them.
     *
     * @param named the table that is asked for; empty for all
     * @param isSameCluster has it the same number there? Else it is known by its name
     * @param column the one that is asked for; empty for all
     */
    static StretchTables of(
            Archive archive,
            Between between,
            Optional<Table> named,
            boolean isSameCluster,
            Optional<String> column)
            throws IOException {
        Catalog start = CatalogWalk.after(archive, start(between)).catalog();
        Catalog end = archive.catalog(between.stretch().catalog());
        List<Catalog> both = List.of(start, end);
        StretchTables tables =
                new StretchTables(named.map(table -> ids(table, isSameCluster, both)), column);
        both.stream().flatMap(one -> one.tables().stream()).forEach(tables::learn);
        return tables;
    }

    /** What the first segment follows, or what comes last where there is none. */
    static Manifest start(Between between) {
        List<Manifest> segments = between.stretch().segments();
        if (between.parts().isEmpty()) {
            return between.stretch().baseBefore(between.to());
        }
        int first = segments.indexOf(between.parts().getFirst().segment());
        return first == 0 ? between.stretch().base() : segments.get(first - 1);
    }

    private static Set<Long> ids(Table named, boolean isSameCluster, List<Catalog> catalogs) {
        Set<Long> ids = new HashSet<>();
        for (Catalog catalog : catalogs) {
            RowHolders holders = RowHolders.of(catalog);
            catalog.tables().stream()
                    .filter(
                            one ->
                                    isSameCluster
                                            ? one.id() == named.id()
                                            : one.displayName().equals(named.displayName()))
                    .flatMap(one -> Stream.concat(Stream.of(one), holders.of(one).stream()))
                    .forEach(one -> ids.add(one.id()));
        }
        if (isSameCluster) {
            ids.add(named.id()); // it may have come and gone in between
        }
        return ids;
    }

    private void learn(Table table) {
        if (!isWanted(table)) {
            return;
        }
        shapes.add(table);
        for (Column one : table.stored()) {
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

    /** Is a column? */
    boolean isAsked(Table table, Column one) {
        return column.isEmpty()
                || column.get().equals(one.name())
                || columns.getOrDefault(table.id(), Set.of()).contains(one.id());
    }

    /** The tables at its beginning and end. */
    Set<Table> shapes() {
        return Collections.unmodifiableSet(shapes);
    }
}
