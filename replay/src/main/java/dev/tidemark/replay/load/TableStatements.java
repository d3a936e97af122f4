package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.NotNullConstraint;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The statements that make one table: without constraints (but NOT NULL) and indexes. What a child
 * inherits is left to its parents; what it has of its own is said.
 */
final class TableStatements {
    private static final Map<String, String> STORAGE =
            Map.of("p", "PLAIN", "e", "EXTERNAL", "m", "MAIN", "x", "EXTENDED");
    private static final Map<String, String> COMPRESSION = Map.of("p", "pglz");

    /** Was the server built with lz4? */
    static final String HAS_LZ4 =
            "(SELECT 'lz4' = ANY (enumvals) FROM pg_catalog.pg_settings WHERE name = 'default_toast_compression')";

    private final Table table;
    private final List<Table> parents;

    /** Parents that CREATE TABLE names, and so takes columns from: all, or none. */
    private final List<Table> givers;

    /** Are the columns added one by one, after CREATE TABLE? */
    private final boolean isOfColumns;

    private final String name;

    /**
     * @param parents the table's parents, in order
     */
    TableStatements(Table table, List<Table> parents) {
        this(table, parents, false);
    }

    private TableStatements(Table table, List<Table> parents, boolean isOfColumns) {
        this.table = table;
        this.parents = List.copyOf(parents);
        this.isOfColumns = isOfColumns;
        this.givers = hasInheritedOrder() && !isOfColumns ? this.parents : List.of();
        this.name = Quoted.name(table.schema(), table.name());
    }

    /** A table of an {@link InheritanceTree}. */
    static TableStatements ofColumns(Table table, List<Table> parents) {
        return new TableStatements(table, parents, true);
    }

    /** CREATE TABLE and what CREATE TABLE cannot say. */
    List<String> create() {
        if (isOfColumns) {
            return List.of(createPrefix() + name + " ()" + inherits(parents));
        }
        List<String> statements = new ArrayList<>();
        statements.add(isPartition() && !givers.isEmpty() ? createPartition() : createOrdinary());
        List<String> actions = new ArrayList<>();
        table.columns().forEach(column -> addActions(column, actions));
        addAlter(actions, statements);
        addLz4(statements);
        if (givers.isEmpty()) {
            parents.forEach(parent -> statements.add(join(parent)));
        }
        return statements;
    }

    /** Adds a column here and to all tables that inherit from this one. */
    String addColumn(Column column) {
        return "ALTER TABLE "
                + name
                + " ADD COLUMN "
                + Quoted.name(column.name())
                + typeAndCollation(column);
    }

    /** What columns that were added lack. */
    List<String> columnDetails() {
        List<String> statements = new ArrayList<>();
        if (!table.options().isEmpty()) { // those of its TOAST table need columns
            addAlter(List.of("SET (" + Quoted.options(table.options()) + ")"), statements);
        }
        List<String> actions = new ArrayList<>();
        for (Column column : table.columns()) {
            if (hasOwnNotNull(column)) {
                statements.add("ALTER TABLE " + name + " ADD " + ownNotNull(column));
            } else if (column.notNull() && column.notNullConstraint().isEmpty()) {
                actions.add("ALTER COLUMN " + Quoted.name(column.name()) + " SET NOT NULL");
            }
            addSettings(column, actions);
        }
        addAlter(actions, statements);
        addLz4(statements);
        return statements;
    }

    /** Columns that are compressed in a way that not every server was built with. */
    static List<String> lz4Columns(Table table) {
        return table.columns().stream()
                .filter(column -> column.compression().equals("l"))
                .map(Column::name)
                .toList();
    }

    private void addLz4(List<String> statements) {
        List<String> columns = lz4Columns(table);
        if (!columns.isEmpty()) {
            String actions =
                    columns.stream()
                            .map(Quoted::name)
                            .map(column -> "ALTER COLUMN " + column + " SET COMPRESSION lz4")
                            .collect(Collectors.joining(", "));
            String body =
                    """
                    BEGIN
                      IF %s THEN
                        ALTER TABLE ONLY %s %s;
                      END IF;
                    END"""
                            .formatted(HAS_LZ4, name, actions);
            statements.add("DO " + Quoted.text(body));
        }
    }

    /** Defaults that CREATE TABLE leaves out: they use other objects, or differ from a parent's. */
    List<String> defaults() {
        List<String> actions = new ArrayList<>();
        for (Column column : table.columns()) {
            Optional<Column> inherited = inherited(column);
            if (column.isGenerated() || isDefaultInline(column)) {
                continue;
            }
            String alter = "ALTER COLUMN " + Quoted.name(column.name());
            column.defaultExpression()
                    .ifPresentOrElse(
                            expression -> actions.add(alter + " SET DEFAULT " + expression),
                            () -> {
                                if (inherited.flatMap(Column::defaultExpression).isPresent()) {
                                    actions.add(alter + " DROP DEFAULT");
                                }
                            });
        }
        List<String> statements = new ArrayList<>();
        addAlter(actions, statements);
        return statements;
    }

    /**
     * Are its columns in the order that CREATE TABLE would give them? Not so in a partition that
     * was attached, or where a parent got a column later. Commands that name no columns depend on
     * it.
     */
    boolean hasInheritedOrder() {
        Set<String> order = new LinkedHashSet<>();
        Stream.concat(parents.stream(), Stream.of(table))
                .flatMap(of -> of.columns().stream())
                .forEach(column -> order.add(column.name()));
        return table.columns().stream().map(Column::name).toList().equals(List.copyOf(order));
    }

    /** Joins a table that was created alone to its parent. */
    private String join(Table parent) {
        String parentName = Quoted.name(parent.schema(), parent.name());
        return isPartition()
                ? "ALTER TABLE ONLY %s ATTACH PARTITION %s %s"
                        .formatted(parentName, name, table.partitionBound().orElseThrow())
                : "ALTER TABLE ONLY %s INHERIT %s".formatted(name, parentName);
    }

    private boolean isPartition() {
        return table.partitionBound().isPresent() && parents.size() == 1;
    }

    private String createOrdinary() {
        String columns =
                Stream.concat(
                                table.columns().stream()
                                        .filter(this::isListed)
                                        .map(this::definition),
                                ownNotNulls())
                        .collect(Collectors.joining(", ", "(", ")"));
        return createPrefix() + name + " " + columns + inherits(givers) + createSuffix();
    }

    private static String inherits(List<Table> from) {
        return from.isEmpty()
                ? ""
                : from.stream()
                        .map(parent -> Quoted.name(parent.schema(), parent.name()))
                        .collect(Collectors.joining(", ", " INHERITS (", ")"));
    }

    private String createPartition() {
        Table parent = parents.getFirst();
        String overrides =
                Stream.concat(
                                table.columns().stream()
                                        .filter(this::isListed)
                                        .map(
                                                column ->
                                                        Quoted.name(column.name())
                                                                + generation(column)),
                                ownNotNulls())
                        .collect(Collectors.joining(", "));
        return createPrefix()
                + name
                + " PARTITION OF "
                + Quoted.name(parent.schema(), parent.name())
                + (overrides.isEmpty() ? "" : " (" + overrides + ")")
                + " "
                + table.partitionBound().orElseThrow()
                + createSuffix();
    }

    private String createPrefix() {
        return (table.kind().equals("r") ? table.accessMethod() : Optional.<String>empty())
                        .map(TableStatements::withAccessMethod)
                        .orElse("")
                + (table.persistence().equals("u") ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ");
    }

    /** For the statement behind it in one message: the access method, if the server has it. */
    private static String withAccessMethod(String method) {
        return """
               SELECT pg_catalog.set_config('default_table_access_method', coalesce((\
               SELECT amname::text FROM pg_catalog.pg_am WHERE amname = %s), 'heap'), true);
               """
                .formatted(Quoted.text(method));
    }

    private String createSuffix() {
        String partitionBy = table.partitionKey().map(key -> " PARTITION BY " + key).orElse("");
        return table.options().isEmpty()
                ? partitionBy
                : partitionBy + " WITH (" + Quoted.options(table.options()) + ")";
    }

    private String definition(Column column) {
        return Quoted.name(column.name())
                + typeAndCollation(column)
                + (isOwn(column) ? generation(column) : "")
                + (isDefaultInline(column)
                        ? " DEFAULT " + column.defaultExpression().orElseThrow()
                        : "")
                + (hasConflict(column) ? " DEFAULT NULL" : "")
                + (isNotNullInline(column) ? notNull(column) : "");
    }

    private static String typeAndCollation(Column column) {
        return " "
                + column.type()
                + column.collation().map(collation -> " COLLATE " + collation).orElse("");
    }

    private static String notNull(Column column) {
        return column.notNullConstraint()
                        .map(constraint -> " CONSTRAINT " + Quoted.name(constraint.name()))
                        .orElse("")
                + " NOT NULL"
                + noInherit(column);
    }

    private static String noInherit(Column column) {
        return column.notNullConstraint().map(NotNullConstraint::noInherit).orElse(false)
                ? " NO INHERIT"
                : "";
    }

    /** The NOT NULLs of its own of columns that are not listed. */
    private Stream<String> ownNotNulls() {
        return table.columns().stream()
                .filter(column -> !isListed(column))
                .filter(TableStatements::hasOwnNotNull)
                .map(TableStatements::ownNotNull);
    }

    private static String ownNotNull(Column column) {
        return "CONSTRAINT %s NOT NULL %s%s"
                .formatted(
                        Quoted.name(column.notNullConstraint().orElseThrow().name()),
                        Quoted.name(column.name()),
                        noInherit(column));
    }

    private static boolean hasOwnNotNull(Column column) {
        return column.notNullConstraint().filter(constraint -> !constraint.inherited()).isPresent();
    }

    private boolean isNotNullInline(Column column) {
        return column.notNull()
                && !(inheritsNotNull(column)
                        && column.notNullConstraint()
                                .map(NotNullConstraint::inherited)
                                .orElse(false));
    }

    private static String generation(Column column) {
        return column.isGenerated()
                ? " GENERATED ALWAYS AS (%s) %s"
                        .formatted(
                                column.defaultExpression().orElseThrow(),
                                column.generated().equals("v") ? "VIRTUAL" : "STORED")
                : "";
    }

    private boolean isDefaultInline(Column column) {
        return !column.isGenerated()
                && !isOfColumns
                && column.defaultExpression().isPresent()
                && table.defaultReferences().isEmpty()
                && inherited(column).isEmpty();
    }

    /** Does CREATE TABLE name it: is it its own, or also its own? */
    private boolean isListed(Column column) {
        return isOwn(column) || (!isPartition() && (!column.inherited() || hasConflict(column)));
    }

    /** Do the parents give it different defaults? Then CREATE TABLE wants to be told one. */
    private boolean hasConflict(Column column) {
        return !column.isGenerated()
                && givers.stream()
                                .flatMap(parent -> parent.columns().stream())
                                .filter(of -> of.name().equals(column.name()))
                                .map(Column::defaultExpression)
                                .distinct()
                                .count()
                        > 1;
    }

    /** Is it not inherited, or generated in a way of its own? */
    private boolean isOwn(Column column) {
        Optional<Column> inherited = inherited(column);
        return inherited.isEmpty()
                || (column.isGenerated()
                        && !inherited.get().defaultExpression().equals(column.defaultExpression()));
    }

    private Optional<Column> inherited(Column column) {
        return givers.stream()
                .flatMap(parent -> parent.columns().stream())
                .filter(of -> of.name().equals(column.name()))
                .findFirst();
    }

    private boolean inheritsNotNull(Column column) {
        return givers.stream()
                .flatMap(parent -> parent.columns().stream())
                .filter(of -> of.name().equals(column.name()) && of.notNull())
                .anyMatch(of -> noInherit(of).isEmpty());
    }

    private boolean inheritsCompression(Column column) {
        return inherited(column).map(of -> !of.compression().isEmpty()).orElse(false);
    }

    private void addActions(Column column, List<String> actions) {
        String alter = "ALTER COLUMN " + Quoted.name(column.name()) + " ";
        if (!isListed(column)
                && !hasOwnNotNull(column)
                && column.notNull() != inheritsNotNull(column)) {
            actions.add(alter + (column.notNull() ? "SET NOT NULL" : "DROP NOT NULL"));
        }
        addSettings(column, actions);
    }

    private void addSettings(Column column, List<String> actions) {
        String alter = "ALTER COLUMN " + Quoted.name(column.name()) + " ";
        if (!column.options().isEmpty()) {
            actions.add(alter + "SET (" + Quoted.options(column.options()) + ")");
        }
        column.storage().ifPresent(code -> actions.add(alter + "SET STORAGE " + storage(code)));
        boolean isLz4 = column.compression().equals("l");
        if (!isLz4 && (!column.compression().isEmpty() || inheritsCompression(column))) {
            actions.add(
                    alter
                            + "SET COMPRESSION "
                            + COMPRESSION.getOrDefault(column.compression(), "default"));
        }
        column.statistics().ifPresent(target -> actions.add(alter + "SET STATISTICS " + target));
    }

    private static String storage(String code) {
        return STORAGE.getOrDefault(code, "EXTENDED");
    }

    private void addAlter(List<String> actions, List<String> statements) {
        if (!actions.isEmpty()) {
            statements.add("ALTER TABLE ONLY " + name + " " + String.join(", ", actions));
        }
    }
}
