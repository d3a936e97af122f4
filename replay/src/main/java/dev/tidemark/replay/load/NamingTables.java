package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tables whose rows may name objects of the database, by values of {@code regclass} and the
 * like: such a row can only be read when what it names is there. Rather a table too many than one
 * too few.
 */
final class NamingTables {
    /** https://www.postgresql.org/docs/current/datatype-oid.html */
    private static final Pattern NAMING_TYPE =
            Pattern.compile(
                    "\\breg(class|collation|config|dictionary|namespace|oper|operator|proc|procedure|role|type)\\b");

    /** Of what a table references, that which may give a column its type. */
    private static final Set<String> TYPES =
            Set.of(
                    "domain",
                    "composite",
                    "range",
                    "table",
                    "view",
                    "materialized view",
                    "foreign table");

    /** What is a query, whose columns may have types of all that it uses. */
    private static final Set<String> QUERIES = Set.of("view", "materialized view");

    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, CatalogObject> objects = new HashMap<>();

    private NamingTables(Catalog catalog) {
        catalog.tables().forEach(table -> tables.put(table.reference(), table));
        catalog.objects().forEach(object -> objects.put(object.reference(), object));
    }

    /** Their ids. */
    static Set<Long> of(Catalog catalog) {
        NamingTables all = new NamingTables(catalog);
        return catalog.tables().stream()
                .filter(all::mayName)
                .map(Table::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean mayName(Table table) {
        Set<String> seen = new HashSet<>(Set.of(table.reference()));
        Deque<String> todo = new ArrayDeque<>(seen);
        while (!todo.isEmpty()) {
            String reference = todo.remove();
            if (NAMING_TYPE.matcher(types(reference)).find()) {
                return true;
            }
            used(reference).stream().filter(seen::add).forEach(todo::add);
        }
        return false;
    }

    private String types(String reference) {
        Table table = tables.get(reference);
        CatalogObject object = objects.get(reference);
        if (table != null) {
            return table.columns().stream()
                    .map(column -> column.type())
                    .collect(Collectors.joining(" "));
        }
        return object == null ? "" : String.join(" ", object.definition());
    }

    private Collection<String> used(String reference) {
        Table table = tables.get(reference);
        CatalogObject object = objects.get(reference);
        List<String> references =
                table != null
                        ? table.references()
                        : object == null ? List.of() : object.references();
        return object != null && QUERIES.contains(object.kind())
                ? references
                : references.stream().filter(of -> TYPES.contains(kind(of))).toList();
    }

    private static String kind(String reference) {
        return reference.substring(0, reference.indexOf(':'));
    }
}
