package dev.tidemark.cli;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.CatalogObject.ColumnGrants;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A catalog as lines of text in which every number of an object or column is its name, so that a
 * rebuilt database's equal the source's. Left out is what a rebuilding leaves out: what subscribes;
 * and functions of extensions, of which those whose rights were changed count as altered too.
 * Rights have no order.
 */
final class NamedCatalog {
    private static final Set<String> LEFT_OUT = Set.of("subscription", "altered function");

    private final Catalog catalog;
    private final Map<String, String> names = new HashMap<>();
    private final Map<Long, Table> tables = new HashMap<>();

    private NamedCatalog(Catalog catalog) {
        this.catalog = catalog;
        catalog.tables().forEach(table -> tables.put(table.id(), table));
        catalog.tables()
                .forEach(table -> names.put(table.reference(), "table " + table.displayName()));
        catalog.objects().forEach(object -> names.put(object.reference(), name(object)));
    }

    static List<String> lines(Catalog catalog) {
        return new NamedCatalog(catalog).lines();
    }

    private List<String> lines() {
        return Stream.concat(
                        catalog.tables().stream().map(this::line),
                        catalog.objects().stream()
                                .filter(object -> !LEFT_OUT.contains(object.kind()))
                                .map(this::line))
                .sorted()
                .toList();
    }

    private static String name(CatalogObject object) {
        return object.kind() + " " + object.schema() + "." + object.name() + " " + object.address();
    }

    private String line(Table table) {
        return new Table(
                        0,
                        table.version(),
                        table.schema(),
                        table.name(),
                        table.kind(),
                        table.persistence(),
                        table.replicaIdentity(),
                        table.columns().stream().map(NamedCatalog::withoutNumber).toList(),
                        List.of(),
                        table.rewritten(),
                        table.partitionKey(),
                        table.partitionBound(),
                        List.of(),
                        table.options(),
                        table.rowSecurity(),
                        table.owner(),
                        sorted(table.grants()),
                        table.comment(),
                        named(table.references()),
                        named(table.defaultReferences()),
                        table.accessMethod(),
                        table.extension(),
                        table.configuration())
                + " key "
                + table.key().stream().map(id -> columnName(table, id)).toList()
                + " parents "
                + table.parents().stream().map(tables::get).map(Table::displayName).toList();
    }

    private static Column withoutNumber(Column column) {
        return new Column(
                0,
                column.name(),
                column.type(),
                column.notNull(),
                column.defaultExpression(),
                column.generated(),
                column.identity(),
                column.collation(),
                Optional.empty(),
                column.storage(),
                column.compression(),
                column.statistics(),
                column.comment(),
                sorted(column.grants()),
                column.inherited(),
                column.options(),
                column.notNullConstraint());
    }

    private String line(CatalogObject object) {
        return new CatalogObject(
                        object.kind(),
                        0,
                        object.schema(),
                        object.name(),
                        object.definition(),
                        object.stage(),
                        named(object.references()),
                        object.owner(),
                        sorted(object.grants()),
                        object.comment(),
                        object.address(),
                        object.partOf().map(owner -> named(List.of(owner)).getFirst()),
                        Optional.empty(),
                        object.columnGrants().stream()
                                .map(
                                        of ->
                                                new ColumnGrants(
                                                        of.column(),
                                                        sorted(of.grants()),
                                                        sorted(of.revoked())))
                                .toList(),
                        sorted(object.revoked()))
                + object.sequence().map(this::state).orElse("");
    }

    private static List<String> sorted(List<String> grants) {
        return grants.stream().sorted().toList();
    }

    private String state(SequenceState state) {
        return " at %d %b, owned by %s"
                .formatted(
                        state.lastValue(),
                        state.called(),
                        state.table()
                                .map(tables::get)
                                .map(
                                        table ->
                                                table.displayName()
                                                        + "."
                                                        + columnName(
                                                                table,
                                                                state.column().orElseThrow())));
    }

    private static String columnName(Table table, int id) {
        return table.columns().stream()
                .filter(column -> column.id() == id)
                .map(Column::name)
                .findFirst()
                .orElseThrow();
    }

    private List<String> named(List<String> references) {
        return references.stream()
                .map(of -> names.getOrDefault(of, "unknown " + of))
                .sorted()
                .toList();
    }
}
