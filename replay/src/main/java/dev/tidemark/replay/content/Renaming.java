package dev.tidemark.replay.content;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.replay.content.SqlNames.QualifiedName;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives tables of a catalog other names, and with them their partitions and what shares the names'
 * space with tables: indexes, the constraints that indexes serve, sequences, statistics. So they
 * can stand beside those that have the old names.
 */
final class Renaming {
    private static final int NAME_BYTES_MAX = 63; // NAMEDATALEN - 1, as all servers are built
    private static final Set<String> OF_INDEX =
            Set.of("index", "primary key", "unique", "exclusion");
    private static final Set<String> WITH_SPACE =
            Set.of("index", "primary key", "unique", "exclusion", "sequence", "statistics");

    private final Catalog before;
    private final Map<Long, QualifiedName> tables = new HashMap<>();
    private final Map<String, QualifiedName> objects = new HashMap<>(); // by reference
    private final Map<QualifiedName, QualifiedName> names = new HashMap<>();
    private final Set<QualifiedName> taken = new HashSet<>();

    private Renaming(Catalog before) {
        this.before = before;
    }

    /**
     * Decides on all names.
     *
     * @throws TidemarkException (refused) when a table is not there, or a new name is another one's
     */
    static Renaming of(List<Rename> renames, Catalog catalog) {
        Renaming renaming = new Renaming(catalog);
        for (Rename rename : renames) {
            renaming.rename(rename);
        }
        if (!renames.isEmpty()) {
            renaming.renamePartitions();
            renaming.refuseEqualNames();
            renaming.renameObjects();
        }
        return renaming;
    }

    private void rename(Rename rename) {
        List<Table> found =
                before.tables().stream()
                        .filter(table -> rename.isOf(table.schema(), table.name()))
                        .toList();
        if (found.size() != 1) {
            throw TidemarkException.refused(
                    "cannot rename '%s': %s"
                            .formatted(
                                    rename.text(),
                                    found.isEmpty()
                                            ? "the table is no part of what is asked for"
                                            : "there are several tables of that name"),
                    found.isEmpty()
                            ? NearestNames.hint(
                                    rename.was().getLast(),
                                    before.tables().stream().map(Table::displayName).toList())
                            : "Name the schema too.");
        }
        Table table = found.getFirst();
        if (tables.put(table.id(), rename.newName(table.schema())) != null) {
            throw TidemarkException.usage(
                    "table %s is renamed twice".formatted(table.displayName()),
                    "Give each table one new name.");
        }
    }

    /** They stand beside tables of the old names as their parents do. */
    private void renamePartitions() {
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Table table : before.tables()) {
                Optional<Table> parent =
                        before.tables().stream()
                                .filter(of -> table.partitionBound().isPresent())
                                .filter(of -> table.parents().contains(of.id()))
                                .filter(of -> tables.containsKey(of.id()))
                                .findFirst();
                if (parent.isPresent() && !tables.containsKey(table.id())) {
                    QualifiedName to = ofParent(parent.get());
                    tables.put(
                            table.id(),
                            new QualifiedName(
                                    to.schema(), derived(table.name(), parent.get().name(), to)));
                    isMore = true;
                }
            }
        }
    }

    private QualifiedName ofParent(Table parent) {
        QualifiedName name = tables.get(parent.id());
        if (name == null) {
            throw new IllegalStateException(parent.displayName() + " is not renamed");
        }
        return name;
    }

    private void refuseEqualNames() {
        for (Table table : before.tables()) {
            QualifiedName was = new QualifiedName(table.schema(), table.name());
            QualifiedName is = tables.getOrDefault(table.id(), was);
            if (!taken.add(is)) {
                throw TidemarkException.refused(
                        "two tables would be %s.%s".formatted(is.schema(), is.name()),
                        "Choose other names with --rename.");
            }
            names.put(was, is);
        }
        names.entrySet().removeIf(entry -> entry.getKey().equals(entry.getValue()));
    }

    private void renameObjects() {
        before.objects().stream()
                .filter(object -> WITH_SPACE.contains(object.kind()))
                .filter(object -> whole(object).isEmpty())
                .map(object -> new QualifiedName(object.schema(), object.name()))
                .forEach(taken::add);
        for (CatalogObject object : before.objects()) {
            Optional<Table> of = whole(object);
            if (of.isEmpty() || !WITH_SPACE.contains(object.kind())) {
                continue;
            }
            QualifiedName to = ofParent(of.get());
            String plain = derived(object.name(), of.get().name(), to);
            QualifiedName name = new QualifiedName(to.schema(), plain);
            for (int i = 1; !taken.add(name); i++) {
                name = new QualifiedName(to.schema(), cut(plain, "_" + i));
            }
            objects.put(object.reference(), name);
            names.put(new QualifiedName(object.schema(), object.name()), name);
        }
    }

    /** The renamed table that something belongs to. */
    private Optional<Table> whole(CatalogObject object) {
        return before.tables().stream()
                .filter(table -> tables.containsKey(table.id()))
                .filter(
                        table ->
                                object.partOf().equals(Optional.of(table.reference()))
                                        || object.sequence()
                                                .flatMap(state -> state.table())
                                                .equals(Optional.of(table.id())))
                .findFirst();
    }

    /** What begins with the table's old name begins with its new one; other names get it before. */
    private static String derived(String name, String was, QualifiedName to) {
        if (to.name().equals(was)) {
            return name;
        }
        String rest = name.startsWith(was) ? name.substring(was.length()) : "_" + name;
        return cut(to.name(), rest);
    }

    /** As long as PostgreSQL lets a name be; the end says more than what is before it. */
    private static String cut(String start, String end) {
        String kept = start;
        while ((kept + end).getBytes(UTF_8).length > NAME_BYTES_MAX && !kept.isEmpty()) {
            kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
        }
        String whole = kept + end;
        while (whole.getBytes(UTF_8).length > NAME_BYTES_MAX) {
            whole = whole.substring(0, whole.offsetByCodePoints(whole.length(), -1));
        }
        return whole;
    }

    /** The catalog, or what was made of it since, with the new names. */
    Catalog catalog(Catalog catalog) {
        if (tables.isEmpty()) {
            return catalog;
        }
        Set<String> schemas =
                catalog.objects().stream()
                        .filter(object -> object.kind().equals("schema"))
                        .map(CatalogObject::name)
                        .collect(Collectors.toSet());
        SqlNames sql =
                new SqlNames(
                        names,
                        before.tables().stream()
                                .filter(table -> tables.containsKey(table.id()))
                                .map(table -> new QualifiedName(table.schema(), table.name()))
                                .toList(),
                        schemas);
        List<CatalogObject> renamed = new ArrayList<>();
        catalog.objects().stream()
                .filter(object -> !isOfInnerName(object))
                .forEach(object -> renamed.add(object(object, sql)));
        newSchemas(schemas).forEach(renamed::add);
        return new Catalog(
                catalog.server(),
                catalog.tables().stream().map(table -> table(table, sql)).toList(),
                renamed);
    }

    /** Triggers of constraints are named inside of texts, and all that is said is their state. */
    private boolean isOfInnerName(CatalogObject object) {
        return object.kind().equals("internal trigger") && whole(object).isPresent();
    }

    private Table table(Table table, SqlNames sql) {
        QualifiedName name =
                tables.getOrDefault(table.id(), new QualifiedName(table.schema(), table.name()));
        return table.renamed(
                name.schema(),
                name.name(),
                table.columns().stream()
                        .map(column -> column.withDefault(column.defaultExpression().map(sql::in)))
                        .toList());
    }

    private CatalogObject object(CatalogObject object, SqlNames sql) {
        Optional<QualifiedName> ofTable = whole(object).map(table -> ofParent(table));
        QualifiedName name =
                objects.getOrDefault(
                        object.reference(),
                        new QualifiedName(
                                ofTable.map(QualifiedName::schema).orElse(object.schema()),
                                object.name()));
        boolean isIndex = OF_INDEX.contains(object.kind()) && ofTable.isPresent();
        return object.renamed(
                name.schema(),
                name.name(),
                object.definition().stream()
                        .map(sql::in)
                        .map(
                                statement ->
                                        isIndex
                                                ? SqlNames.withIndexName(
                                                        statement, object.name(), name.name())
                                                : statement)
                        .toList(),
                isIndex
                        ? SqlNames.withIndexName(
                                sql.in(object.address()), object.name(), name.name())
                        : sql.in(object.address()));
    }

    private Stream<CatalogObject> newSchemas(Set<String> there) {
        return tables.values().stream()
                .map(QualifiedName::schema)
                .distinct()
                .filter(schema -> !there.contains(schema))
                .sorted()
                .map(Renaming::newSchema);
    }

    private static CatalogObject newSchema(String name) {
        return new CatalogObject(
                "schema",
                -1 - Math.abs((long) name.hashCode()), // no number of the source's is negative
                name,
                name,
                List.of("CREATE SCHEMA IF NOT EXISTS " + SqlNames.quoted(name)),
                CatalogObject.Stage.BEFORE_ROWS,
                List.of(),
                "",
                List.of(),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty());
    }
}
