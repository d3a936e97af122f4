package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a look's change makes of a catalog, as far as a restored database shows it. An index that
 * was built anew under another number is the same index.
 *
 * @param tables whose columns or rows are others, by name
 * @param others tables otherwise, and objects that are no part of those tables
 */
record CatalogDifference(Set<String> tables, Set<String> others) {
    static CatalogDifference of(Catalog before, CatalogChange change, Catalog after) {
        Map<Long, Table> was = byId(before);
        Map<Long, Table> is = byId(after);
        Set<Long> touched = new HashSet<>(change.dropped());
        touched.addAll(change.rewritten());
        change.tables().forEach(table -> touched.add(table.id()));
        Set<Long> uncertain = new HashSet<>();
        Set<String> tables = new TreeSet<>();
        Set<String> others = new TreeSet<>();
        for (long id : touched) {
            List<Table> both = both(was, is, id);
            boolean holdsRows = both.stream().anyMatch(Table::holdsRows);
            if (holdsRows && (change.rewritten().contains(id) || !haveSameRows(both))) {
                uncertain.add(id);
                both.forEach(table -> tables.add(table.displayName()));
            } else if (both.stream().map(CatalogDifference::shown).distinct().count() > 1
                    || both.size() == 1) {
                both.forEach(table -> others.add("table " + table.displayName()));
            }
        }
        others.addAll(objects(before, after, uncertain));
        return new CatalogDifference(tables, others);
    }

    private static Map<Long, Table> byId(Catalog catalog) {
        Map<Long, Table> tables = new HashMap<>();
        catalog.tables().forEach(table -> tables.put(table.id(), table));
        return tables;
    }

    /** The states of a table that there are: before, after. */
    private static List<Table> both(Map<Long, Table> was, Map<Long, Table> is, long id) {
        return Stream.of(was, is)
                .filter(side -> side.containsKey(id))
                .map(side -> side.get(id))
                .toList();
    }

    private static boolean haveSameRows(List<Table> both) {
        return both.size() == 2
                && both.stream().noneMatch(Table::isProvisional)
                && rows(both.getFirst()).equals(rows(both.getLast()));
    }

    private static List<String> rows(Table table) {
        return table.stored().stream()
                .map(column -> column.id() + " " + column.name() + " " + column.type())
                .toList();
    }

    /** Not a column's {@code missing}, which writing all rows anew makes needless. */
    private static List<Object> shown(Table table) {
        return List.of(
                table.schema(),
                table.name(),
                table.persistence(),
                table.partitionKey(),
                table.partitionBound(),
                table.parents(),
                table.options(),
                table.rowSecurity(),
                table.owner(),
                table.grants(),
                table.comment(),
                table.accessMethod(),
                table.columns().stream().map(CatalogDifference::shown).toList());
    }

    private static List<Object> shown(Column column) {
        return List.of(
                column.name(),
                column.type(),
                column.notNull(),
                column.defaultExpression(),
                column.generated(),
                column.identity(),
                column.collation(),
                column.storage(),
                column.compression(),
                column.statistics(),
                column.comment(),
                column.grants(),
                column.inherited(),
                column.options(),
                column.notNullConstraint());
    }

    private static Set<String> objects(Catalog before, Catalog after, Set<Long> without) {
        Map<List<Object>, String> was = shown(before, without);
        Map<List<Object>, String> is = shown(after, without);
        Set<String> names = new TreeSet<>();
        was.forEach((shown, name) -> addUnlessIn(is, shown, name, names));
        is.forEach((shown, name) -> addUnlessIn(was, shown, name, names));
        return names;
    }

    private static void addUnlessIn(
            Map<List<Object>, String> others, List<Object> shown, String name, Set<String> names) {
        if (!others.containsKey(shown)) {
            names.add(name);
        }
    }

    /** The objects by all that is seen of them, with their names for people. */
    private static Map<List<Object>, String> shown(Catalog catalog, Set<Long> without) {
        Set<String> wholes = new HashSet<>();
        without.forEach(id -> wholes.add("table:" + id));
        Map<List<Object>, String> shown = new HashMap<>();
        for (CatalogObject object : catalog.objects()) {
            if (object.partOf().filter(wholes::contains).isEmpty()) {
                String schema = object.schema().isEmpty() ? "" : object.schema() + ".";
                shown.put(
                        List.of(
                                object.kind(),
                                object.schema(),
                                object.name(),
                                object.definition(),
                                object.owner(),
                                object.grants(),
                                object.revoked(),
                                object.columnGrants(),
                                object.comment()),
                        object.kind() + " " + schema + object.name());
            }
        }
        return shown;
    }
}
