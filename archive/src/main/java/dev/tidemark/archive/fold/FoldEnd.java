package dev.tidemark.archive.fold;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;

/**
 * Where a fold came to: a database, if nothing speaks against it.
 *
 * @param catalog at the cut
 * @param tables with what became of their rows
 * @param doubts what came up on the way
 * @param unknown since when rows are not known
 */
record FoldEnd(Catalog catalog, Collection<TableFold> tables, Doubts doubts, UnknownRows unknown) {
    /**
     * The database without the rows of some tables.
     *
     * @param withoutRows their names, {@code schema.name}
     * @throws TidemarkException when one of them does not exist, or something of the others is not
     *     known
     */
    FoldedDatabase database(RestorePlan plan, Set<String> withoutRows) throws IOException {
        return database(plan, withoutRows, id -> false);
    }

    /**
     * The same without a word on tables that nobody asked for.
     *
     * @param isLeftAlone by its id: is a table one of those?
     */
    FoldedDatabase database(RestorePlan plan, Set<String> withoutRows, LongPredicate isLeftAlone)
            throws IOException {
        doubts.checkAllWasTold(plan.cut().position());
        List<Table> leftOut = new ArrayList<>();
        for (String name : withoutRows) {
            leftOut.add(holder(name, plan));
        }
        doubts.unreadableOf(catalog.tables()).stream()
                .filter(table -> !leftOut.contains(table))
                .filter(table -> !isLeftAlone.test(table.id()))
                .forEach(leftOut::add);
        List<Table> notAsked = new ArrayList<>(leftOut);
        catalog.tables().stream()
                .filter(table -> isLeftAlone.test(table.id()))
                .forEach(notAsked::add);
        doubts.checkOthersThan(notAsked);
        List<Table> notKnown =
                notKnown().stream().filter(table -> !notAsked.contains(table)).toList();
        if (!notKnown.isEmpty()) {
            throw unknown.refusal(notKnown, plan);
        }
        Set<Long> notAskedIds = notAsked.stream().map(Table::id).collect(Collectors.toSet());
        return new FoldedDatabase(
                catalog,
                tables.stream()
                        .filter(fold -> fold.table().holdsRows())
                        .filter(fold -> !notAskedIds.contains(fold.table().id()))
                        .toList(),
                leftOut);
    }

    /** The database without the rows that are not known. */
    FoldedDatabase ofKnown(RestorePlan plan) throws IOException {
        return database(
                plan, notKnown().stream().map(Table::displayName).collect(Collectors.toSet()));
    }

    private List<Table> notKnown() {
        return catalog.tables().stream()
                .filter(table -> table.rewritten() && !table.isOnlyExtensions())
                .filter(Table::holdsRows)
                .toList();
    }

    /** The table of a name that holds rows. */
    private Table holder(String name, RestorePlan plan) {
        Table table =
                catalog.tables().stream()
                        .filter(one -> one.displayName().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "there is no table %s at %s"
                                                        .formatted(name, plan.cut().position()),
                                                "Name it with its schema as at that moment, without quotes."));
        if (!table.holdsRows()) {
            throw TidemarkException.refused(
                    "table %s holds no rows of its own in the archive".formatted(name),
                    "Of a partitioned table name the partitions; an unlogged table comes back empty anyway.");
        }
        return table;
    }
}
