package dev.tidemark.replay.rows;

import dev.tidemark.archive.fold.KeyedRows;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A request resolved against a catalog: everything in it exists and can be decided. Immutable.
 *
 * <p>Starting from the rows of the condition it goes from parents to their children, so many steps;
 * and from all of these to their parents, and on to theirs, so that every foreign key holds.
 * Children of what came as a parent do not come.
 */
public final class RowChoice {
    private final Map<Long, Condition> start;
    private final List<Reference> references;
    private final Map<Long, Table> needed;
    private final RowRequest request;

    private RowChoice(
            RowRequest request,
            Map<Long, Condition> start,
            List<Reference> references,
            Map<Long, Table> needed) {
        this.request = request;
        this.start = Map.copyOf(start);
        this.references = List.copyOf(references);
        this.needed = Map.copyOf(needed);
    }

    /**
     * Resolves it.
     *
     * @throws TidemarkException (refused) when a table, column or condition is none that can be
     *     followed
     */
    public static RowChoice of(RowRequest request, Catalog catalog) {
        TableSearch tables = new TableSearch(catalog);
        Map<Long, Condition> start = new HashMap<>();
        Table named = tables.named(request.table());
        for (Table holder : tables.holdersWithChildren(named)) {
            start.put(holder.id(), ConditionParser.parse(request.where(), catalog, holder, named));
        }
        List<Link> links = new ArrayList<>();
        request.related()
                .ifPresent(
                        related -> {
                            References all = new References(tables);
                            links.addAll(all.declared());
                            related.references(catalog)
                                    .forEach(one -> links.addAll(all.virtual(one)));
                        });
        OptionalInt depth =
                request.related().map(RowRequest.Related::depth).orElse(OptionalInt.empty());
        Set<Long> reached = reached(start.keySet(), links, depth);
        return new RowChoice(
                request,
                start,
                links.stream()
                        .filter(one -> reached.contains(one.child()))
                        .filter(one -> reached.contains(one.parent()))
                        .map(one -> one.reference().get())
                        .toList(),
                catalog.tables().stream()
                        .filter(table -> reached.contains(table.id()))
                        .collect(Collectors.toMap(Table::id, table -> table)));
    }

    /** Tables that may hold a row that comes. */
    private static Set<Long> reached(Set<Long> start, List<Link> links, OptionalInt depth) {
        Set<Long> reached = new HashSet<>(start);
        int before = 0;
        for (int n = 0; before < reached.size() && (depth.isEmpty() || n < depth.getAsInt()); n++) {
            before = reached.size();
            Set<Long> parents = Set.copyOf(reached);
            links.stream()
                    .filter(one -> parents.contains(one.parent()))
                    .forEach(one -> reached.add(one.child()));
        }
        for (before = 0; before < reached.size(); ) {
            before = reached.size();
            links.stream()
                    .filter(one -> reached.contains(one.child()))
                    .forEach(one -> reached.add(one.parent()));
        }
        return reached;
    }

    /** The tables whose rows are needed to follow it. */
    public Set<Long> needed() {
        return needed.keySet();
    }

    /** Of these tables no other rows are needed to follow it. */
    public Map<Long, KeyedRows> byKey() {
        Map<Long, KeyedRows> rows = new HashMap<>();
        if (references.isEmpty()) { // else others may belong to them
            start.forEach(
                    (id, condition) -> {
                        Table table = table(id);
                        condition
                                .keys(names(table, table.key()))
                                .ifPresent(keys -> rows.put(id, new KeyedRows(table.key(), keys)));
                    });
        }
        return rows;
    }

    private static List<String> names(Table table, List<Integer> ids) {
        Map<Integer, String> names =
                table.columns().stream().collect(Collectors.toMap(Column::id, Column::name));
        return ids.stream().map(id -> names.getOrDefault(id, "")).toList();
    }

    RowRequest request() {
        return request;
    }

    Map<Long, Condition> start() {
        return start;
    }

    List<Reference> references() {
        return references;
    }

    Table table(long id) {
        Table table = needed.get(id);
        if (table == null) {
            throw new IllegalArgumentException("no table that is needed: " + id);
        }
        return table;
    }
}
