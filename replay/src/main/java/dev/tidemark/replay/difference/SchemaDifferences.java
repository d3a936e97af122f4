package dev.tidemark.replay.difference;

import static java.util.Comparator.comparing;

import dev.tidemark.replay.difference.MatchedColumns.Match;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What of the schema differs between two moments, apart from where sequences stand. */
final class SchemaDifferences {
    /** In something that says nothing of rows. */
    static final String ALTERED = "altered";

    private final Match match;
    private final List<SchemaChange> changes = new ArrayList<>();

    SchemaDifferences(Match match) {
        this.match = match;
    }

    /** Tables and their columns, in this order. */
    List<SchemaChange> ofTables(List<TablePair> pairs) {
        pairs.forEach(this::table);
        return List.copyOf(changes);
    }

    /**
     * Tables, and what else is in the catalogs and belongs to none of the tables that came or went.
     *
     * @param asked where only some tables are, what is no part of these is left out
     */
    List<SchemaChange> of(List<TablePair> pairs, Catalog from, Catalog to, Asked asked) {
        pairs.forEach(this::table);
        Set<String> common = new HashSet<>();
        pairs.stream()
                .filter(TablePair::isOnBothSides)
                .forEach(
                        pair -> {
                            common.add(pair.from().orElseThrow().reference());
                            common.add(pair.table().reference());
                        });
        Map<String, List<CatalogObject>> before = objects(from, common, asked);
        Map<String, List<CatalogObject>> after = objects(to, common, asked);
        Set<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            object(
                    Objects.requireNonNullElse(before.get(name), List.of()),
                    Objects.requireNonNullElse(after.get(name), List.of()),
                    name);
        }
        return List.copyOf(changes);
    }

    /** What is asked for. */
    enum Asked {
        ALL,
        SOME_TABLES
    }

    private void table(TablePair pair) {
        if (pair.from().isEmpty()) {
            add("table", pair.name(), "created");
            return;
        }
        if (pair.to().isEmpty()) {
            add("table", pair.name(), "dropped");
            return;
        }
        int before = changes.size();
        Table from = pair.from().get();
        Table to = pair.to().get();
        if (!from.displayName().equals(to.displayName())) {
            add("table", pair.name(), "was " + from.displayName());
        }
        columns(from, to);
        if (!from.key().equals(to.key()) && match == Match.NUMBER) {
            add("table", pair.name(), "another key names its rows");
        }
        boolean isTold = changes.size() > before || match == Match.NAME;
        if (!isTold && !plain(from).equals(plain(to))) {
            add("table", pair.name(), ALTERED);
        }
    }

    /** Without its columns, which are told one by one, and what is no part of its definition. */
    private static Table plain(Table table) {
        return table.withVersion(1)
                .withRewritten(false)
                .withParents(
                        table.parents(), table.partitionBound(), List.of(), table.references());
    }

    private void columns(Table from, Table to) {
        for (Column column : from.columns()) {
            OptionalInt place = match.place(column, to.columns());
            if (place.isEmpty()) {
                add("column", name(to, column), "dropped");
            } else {
                column(to, column, to.columns().get(place.getAsInt()));
            }
        }
        for (Column column : to.columns()) {
            if (match.place(column, from.columns()).isEmpty()) {
                add("column", name(to, column), "added: " + column.type());
            }
        }
    }

    private void column(Table table, Column from, Column to) {
        List<String> different = new ArrayList<>();
        if (!from.name().equals(to.name())) {
            different.add("was " + from.name());
        }
        if (!from.type().equals(to.type())) {
            different.add(from.type() + " → " + to.type());
        }
        if (from.notNull() != to.notNull()) {
            different.add(to.notNull() ? "NOT NULL now" : "may be NULL now");
        }
        if (!from.defaultExpression().equals(to.defaultExpression())) {
            different.add(
                    "default %s → %s"
                            .formatted(
                                    from.defaultExpression().orElse("none"),
                                    to.defaultExpression().orElse("none")));
        }
        if (!from.generated().equals(to.generated()) || !from.identity().equals(to.identity())) {
            different.add("its values come from elsewhere now");
        }
        if (different.isEmpty() && !rest(from).equals(rest(to))) {
            different.add(ALTERED);
        }
        if (!different.isEmpty()) {
            add("column", name(table, to), String.join(", ", different));
        }
    }

    /** Without what is told in words, and what older rows have in it, which rewriting forgets. */
    private static List<Object> rest(Column column) {
        return List.of(
                column.collation(),
                column.storage(),
                column.compression(),
                column.statistics(),
                column.comment(),
                column.grants(),
                column.options());
    }

    private static String name(Table table, Column column) {
        return table.displayName() + "." + column.name();
    }

    private static Map<String, List<CatalogObject>> objects(
            Catalog catalog, Set<String> common, Asked asked) {
        Map<String, String> tables =
                catalog.tables().stream()
                        .collect(Collectors.toMap(Table::reference, Table::displayName));
        return catalog.objects().stream()
                .filter(
                        object ->
                                object.partOf().filter(tables::containsKey).isPresent()
                                        ? common.contains(object.partOf().get())
                                        : asked == Asked.ALL)
                .filter(object -> !isOwned(object, common))
                .collect(
                        Collectors.groupingBy(
                                object -> name(object, tables), TreeMap::new, Collectors.toList()));
    }

    /** A sequence of a column comes and goes with its table. */
    private static boolean isOwned(CatalogObject object, Set<String> common) {
        return object.sequence()
                .flatMap(SequenceState::table)
                .filter(table -> !common.contains("table:" + table))
                .isPresent();
    }

    private static String name(CatalogObject object, Map<String, String> tables) {
        String schema = object.schema().isEmpty() ? "" : object.schema() + ".";
        String table =
                object.partOf()
                        .flatMap(part -> Optional.ofNullable(tables.get(part)))
                        .map(name -> name + ": ")
                        .orElse("");
        return object.kind() + "\0" + (table.isEmpty() ? schema : table) + object.name();
    }

    private void object(List<CatalogObject> before, List<CatalogObject> after, String name) {
        int between = name.indexOf('\0');
        String kind = name.substring(0, between);
        String thing = name.substring(between + 1);
        if (before.isEmpty()) {
            add(kind, thing, "created");
        } else if (after.isEmpty()) {
            add(kind, thing, "dropped");
        } else if (!states(before).equals(states(after))) {
            add(kind, thing, ALTERED);
        }
    }

    /** Numbers of objects are another cluster's own; what is made anew is the same. */
    private static List<List<Object>> states(List<CatalogObject> objects) {
        Function<CatalogObject, List<Object>> state =
                object ->
                        List.of(
                                object.definition(),
                                object.owner(),
                                object.grants(),
                                object.comment(),
                                object.columnGrants(),
                                object.revoked());
        return objects.stream().map(state).sorted(comparing(List::toString)).toList();
    }

    private void add(String kind, String name, String change) {
        changes.add(new SchemaChange(kind, name, change));
    }
}
