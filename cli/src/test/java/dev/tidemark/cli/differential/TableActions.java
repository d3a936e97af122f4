package dev.tidemark.cli.differential;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What changes tables and their columns, and leaves the rows where they are. */
final class TableActions {
    private static final String OWN = "c.relkind IN ('r', 'p') AND c.reloftype = 0";
    private static final String ROOT = OWN + " AND NOT c.relispartition";
    private static final String PLAIN =
            "c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0"
                    + " AND NOT EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))";

    private static final String KEYED =
            " AND EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indimmediate) AND c.relreplident = 'd'";
    private static final String NOTHING_GENERATED =
            " AND NOT EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attgenerated <> '' AND NOT g.attisdropped)";

    static final List<Action> ALL =
            List.of(
                    Action.of(10, "create table", "create", NewTables::any),
                    Action.of(2, "create table in one go", "create", TableActions::createAndFill),
                    Action.of(2, "create table as", "create", TableActions::createAs),
                    Action.of(1, "select into", "create", TableActions::selectInto),
                    Action.of(2, "create table like", "create object", TableActions::createLike),
                    Action.of(2, "drop table", "", TableActions::drop),
                    Action.of(8, "add column", "", scene -> addColumn(scene, "")),
                    Action.of(
                            6,
                            "add column with constant default",
                            "",
                            scene -> addColumnWithDefault(scene)),
                    Action.of(
                            2,
                            "add stored generated column",
                            "rewrite",
                            scene ->
                                    on(
                                            scene,
                                            PLAIN + KEYED,
                                            table ->
                                                    "ADD COLUMN "
                                                            + scene.name("g")
                                                            + " integer GENERATED ALWAYS AS ("
                                                            + scene.below(99)
                                                            + " * 2) STORED")),
                    Action.since(
                            18,
                            2,
                            "add virtual generated column",
                            "",
                            scene ->
                                    on(
                                            scene,
                                            PLAIN + KEYED,
                                            table ->
                                                    "ADD COLUMN "
                                                            + scene.name("g")
                                                            + " integer GENERATED ALWAYS AS ("
                                                            + scene.below(99)
                                                            + " * 2) VIRTUAL")),
                    Action.of(
                            2,
                            "add column with volatile default",
                            "rewrite",
                            scene ->
                                    on(
                                            scene,
                                            ROOT,
                                            table ->
                                                    "ADD COLUMN "
                                                            + scene.name("v")
                                                            + scene.one(
                                                                    " uuid DEFAULT gen_random_uuid()",
                                                                    " double precision DEFAULT random()",
                                                                    " serial"))),
                    Action.of(4, "drop column", "", TableActions::dropColumn),
                    Action.of(3, "drop column and add it again", "", TableActions::replaceColumn),
                    Action.of(2, "set schema", "", TableActions::setSchema),
                    Action.of(3, "change type", "rewrite", TableActions::changeType),
                    Action.of(
                            2,
                            "drop not null",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "",
                                            column ->
                                                    "ALTER %s DROP NOT NULL"
                                                            .formatted(column.name()))),
                    Action.of(
                            2,
                            "set not null",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "",
                                            column ->
                                                    "ALTER %s SET NOT NULL"
                                                            .formatted(column.name()))),
                    Action.of(2, "replica identity", "", TableActions::identity),
                    Action.of(2, "create partition", "", NewTables::partition),
                    Action.of(
                            2,
                            "change table in a DO block",
                            "",
                            scene ->
                                    addColumn(scene, "")
                                            .map(sql -> "DO $do$ BEGIN " + sql + "; END $do$")),
                    Action.of(2, "several statements at once", "", TableActions::several));

    private TableActions() {}

    /** Makes what comes after ALTER TABLE. */
    @FunctionalInterface
    private interface Change {
        String of(String table) throws SQLException;
    }

    /** The same for a column. */
    @FunctionalInterface
    private interface ColumnChange {
        String of(Column column) throws SQLException;
    }

    private static Optional<String> on(Scene scene, String condition, Change change)
            throws SQLException {
        Optional<String> table = scene.alterable(condition);
        return table.isEmpty()
                ? table
                : Optional.of("ALTER TABLE " + table.get() + " " + change.of(table.get()));
    }

    /** Of a column whose type is one of these, or any. */
    private static Optional<String> onColumn(
            Scene scene, String condition, String types, ColumnChange change) throws SQLException {
        Optional<String> table = scene.alterable(condition);
        if (table.isEmpty()) {
            return table;
        }
        Optional<Column> column =
                scene.one(
                        scene.columns(table.get()).stream()
                                .filter(c -> c.isWritable() && !c.isPartitioning())
                                // Constraints of the base stay, and would be those of the new
                                // column.
                                .filter(c -> !c.isKey() || scene.allows("object"))
                                .filter(
                                        c ->
                                                types.isEmpty()
                                                        || List.of(types.split(" "))
                                                                .contains(c.basic()))
                                .toList());
        return column.isEmpty()
                ? Optional.empty()
                : Optional.of("ALTER TABLE " + table.get() + " " + change.of(column.get()));
    }

    private static Optional<String> addColumn(Scene scene, String more) throws SQLException {
        return on(
                scene,
                ROOT,
                table -> "ADD COLUMN " + scene.name("c") + " " + scene.typeToAdd() + more);
    }

    private static Optional<String> addColumnWithDefault(Scene scene) throws SQLException {
        String type = scene.one(Values.DECLARED).orElseThrow();
        String value = scene.value(type);
        return on(
                scene,
                ROOT,
                table ->
                        "ADD COLUMN %s %s DEFAULT %s%s"
                                .formatted(
                                        scene.name("d"),
                                        type,
                                        value,
                                        scene.chance(30) && !value.equals("NULL")
                                                ? " NOT NULL"
                                                : ""));
    }

    private static Optional<String> dropColumn(Scene scene) throws SQLException {
        return onColumn(
                scene,
                ROOT,
                "",
                column -> "DROP COLUMN " + column.name() + scene.one("", " CASCADE"));
    }

    private static Optional<String> replaceColumn(Scene scene) throws SQLException {
        return onColumn(
                scene,
                ROOT,
                "",
                column ->
                        "DROP COLUMN %1$s CASCADE, ADD COLUMN %1$s %2$s"
                                .formatted(
                                        column.name(),
                                        scene.chance(50) && scene.allows("rewrite")
                                                ? column.type()
                                                : scene.typeToAdd()));
    }

    private static Optional<String> setSchema(Scene scene) throws SQLException {
        String schema = scene.schema();
        // Sequences of its columns go with it.
        String condition =
                scene.allows("object")
                        ? OWN
                        : OWN
                                + " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refobjid = c.oid AND d.refobjsubid > 0"
                                + " AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))";
        return on(scene, condition, table -> "SET SCHEMA " + schema);
    }

    private static Optional<String> changeType(Scene scene) throws SQLException {
        return switch (scene.below(3)) {
            case 0 ->
                    onColumn(
                            scene,
                            ROOT,
                            "int2 int4 bool",
                            column ->
                                    "ALTER %1$s DROP DEFAULT, ALTER %1$s TYPE text USING %1$s::text || '!'"
                                            .formatted(column.name()));
            case 1 ->
                    onColumn(
                            scene,
                            ROOT,
                            "int4",
                            column -> "ALTER %s TYPE bigint".formatted(column.name()));
            default ->
                    onColumn(
                            scene,
                            ROOT,
                            "text varchar",
                            column ->
                                    "ALTER %1$s DROP DEFAULT, ALTER %1$s TYPE integer USING length(%1$s)"
                                            .formatted(column.name()));
        };
    }

    private static Optional<String> createAndFill(Scene scene) throws SQLException {
        String table = scene.qualified("t");
        return Optional.of(
                "CREATE TABLE %1$s (id integer PRIMARY KEY, b text); INSERT INTO %1$s SELECT i, 'b' || i FROM generate_series(1, 5) i; ALTER TABLE %1$s ADD COLUMN c text DEFAULT 'c'; UPDATE %1$s SET b = 'x' WHERE id < 3"
                        .formatted(table));
    }

    private static Optional<String> createAs(Scene scene) throws SQLException {
        String table = scene.qualified("t");
        return scene.writable(ROOT)
                .map(from -> "CREATE TABLE %s AS SELECT * FROM %s LIMIT 20".formatted(table, from));
    }

    private static Optional<String> selectInto(Scene scene) throws SQLException {
        String table = scene.qualified("t");
        return scene.writable(ROOT)
                .map(from -> "SELECT * INTO %s FROM %s LIMIT 20".formatted(table, from));
    }

    private static Optional<String> createLike(Scene scene) throws SQLException {
        String table = scene.qualified("t");
        return scene.alterable(OWN)
                .map(from -> "CREATE TABLE %s (LIKE %s INCLUDING ALL)".formatted(table, from));
    }

    private static Optional<String> drop(Scene scene) throws SQLException {
        return scene.alterable(
                        "c.relkind IN ('r', 'p') AND (SELECT count(*) > 5 FROM pg_class o WHERE o.relkind = 'r' AND o.oid >= 16384)")
                .map(table -> "DROP TABLE " + table + " CASCADE");
    }

    private static Optional<String> identity(Scene scene) throws SQLException {
        return on(
                scene,
                "c.relkind = 'r' AND EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indimmediate)"
                        + NOTHING_GENERATED,
                table -> "REPLICA IDENTITY " + scene.one("FULL", "DEFAULT"));
    }

    private static Optional<String> several(Scene scene) throws SQLException {
        List<String> statements = new ArrayList<>();
        Optional<String> table = scene.alterable(ROOT);
        if (table.isEmpty()) {
            return table;
        }
        String column = scene.name("m");
        statements.add("ALTER TABLE " + table.get() + " ADD COLUMN " + column + " integer");
        statements.add("UPDATE " + table.get() + " SET " + column + " = " + scene.below(99));
        statements.add(
                "ALTER TABLE "
                        + table.get()
                        + " RENAME COLUMN "
                        + column
                        + " TO "
                        + scene.name("n"));
        return Optional.of(String.join("; ", statements));
    }
}
