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

    private static final String WITHOUT_KEY =
            " AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary)";

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
                    Action.of(4, "rename column", "", TableActions::renameColumn),
                    Action.of(
                            3,
                            "rename table",
                            "",
                            scene -> on(scene, OWN, table -> "RENAME TO " + scene.name("t"))),
                    Action.of(2, "set schema", "", TableActions::setSchema),
                    Action.of(3, "change type", "rewrite", TableActions::changeType),
                    Action.of(3, "widen varchar", "", TableActions::widen),
                    Action.of(
                            3,
                            "set default",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "text varchar int4 int8",
                                            column ->
                                                    "ALTER %s SET DEFAULT '%d'"
                                                            .formatted(
                                                                    column.name(),
                                                                    scene.below(999)))),
                    Action.of(
                            2,
                            "drop default",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "text varchar int4 int8",
                                            column ->
                                                    "ALTER %s DROP DEFAULT"
                                                            .formatted(column.name()))),
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
                    Action.of(
                            1,
                            "set storage",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "text bytea jsonb",
                                            column ->
                                                    "ALTER %s SET STORAGE %s"
                                                            .formatted(
                                                                    column.name(),
                                                                    scene.one(
                                                                            "EXTERNAL",
                                                                            "EXTENDED",
                                                                            "MAIN")))),
                    Action.of(
                            1,
                            "set compression",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "text bytea jsonb",
                                            column ->
                                                    "ALTER %s SET COMPRESSION pglz"
                                                            .formatted(column.name()))),
                    Action.of(
                            1,
                            "set statistics",
                            "",
                            scene ->
                                    onColumn(
                                            scene,
                                            ROOT,
                                            "",
                                            column ->
                                                    "ALTER %s SET STATISTICS %d"
                                                            .formatted(
                                                                    column.name(),
                                                                    scene.below(100)))),
                    Action.of(
                            1,
                            "set options",
                            "",
                            scene ->
                                    on(
                                            scene,
                                            "c.relkind = 'r'",
                                            table ->
                                                    scene.one(
                                                            "SET (fillfactor = 70)",
                                                            "RESET (fillfactor)",
                                                            "SET (autovacuum_enabled = false)"))),
                    Action.of(
                            2,
                            "add primary key",
                            "object",
                            scene ->
                                    onColumn(
                                            scene,
                                            PLAIN + WITHOUT_KEY,
                                            "int4 int8 text uuid",
                                            column ->
                                                    "ADD PRIMARY KEY (%s)"
                                                            .formatted(column.name()))),
                    Action.of(2, "drop primary key", "object", TableActions::dropKey),
                    Action.of(2, "replica identity", "", TableActions::identity),
                    Action.of(
                            2,
                            "add identity",
                            "object",
                            scene ->
                                    onColumn(
                                            scene,
                                            PLAIN,
                                            "int4 int8",
                                            column ->
                                                    column.isDemanded()
                                                            ? "ALTER %s ADD GENERATED BY DEFAULT AS IDENTITY (START 1000000)"
                                                                    .formatted(column.name())
                                                            : "ALTER %s SET STATISTICS 7"
                                                                    .formatted(column.name()))),
                    Action.of(
                            1,
                            "set logged or unlogged",
                            "rewrite",
                            scene ->
                                    on(
                                            scene,
                                            PLAIN,
                                            table -> scene.one("SET UNLOGGED", "SET LOGGED"))),
                    Action.of(2, "create partition", "", NewTables::partition),
                    Action.of(2, "detach partition", "", TableActions::detach),
                    Action.of(2, "attach partition", "", TableActions::attach),
                    Action.of(1, "inherit", "", TableActions::inherit),
                    Action.of(1, "no inherit", "", TableActions::noInherit),
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
                scene, ROOT, table -> "ADD COLUMN " + scene.name("c") + " " + scene.type() + more);
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
                                        scene.chance(50) ? column.type() : scene.type()));
    }

    private static Optional<String> renameColumn(Scene scene) throws SQLException {
        return onColumn(
                scene,
                ROOT,
                "",
                column -> "RENAME COLUMN " + column.name() + " TO " + scene.name("r"));
    }

    private static Optional<String> setSchema(Scene scene) throws SQLException {
        String schema = scene.schema();
        return on(scene, OWN, table -> "SET SCHEMA " + schema);
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

    private static Optional<String> widen(Scene scene) throws SQLException {
        return onColumn(
                scene,
                ROOT,
                "varchar",
                column ->
                        "ALTER %s TYPE %s"
                                .formatted(
                                        column.name(),
                                        scene.one("varchar(80)", "text", "varchar")));
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

    private static Optional<String> dropKey(Scene scene) throws SQLException {
        return on(
                scene,
                PLAIN
                        + NOTHING_GENERATED
                        + " AND EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p')",
                table ->
                        "DROP CONSTRAINT "
                                + scene.object(
                                                "SELECT quote_ident(conname) FROM pg_constraint WHERE contype = 'p' AND conrelid = '"
                                                        + table.replace("'", "''")
                                                        + "'::regclass")
                                        .orElse("none")
                                + " CASCADE");
    }

    private static Optional<String> identity(Scene scene) throws SQLException {
        return scene.chance(50) || !scene.allows("object")
                ? on(
                        scene,
                        "c.relkind = 'r' AND EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indimmediate)"
                                + NOTHING_GENERATED,
                        table -> "REPLICA IDENTITY " + scene.one("FULL", "DEFAULT"))
                : scene.object(
                        """
                        SELECT format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', x.indrelid::regclass, i.relname)
                          FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid AND t.relkind = 'r'
                         WHERE t.oid >= 16384 AND x.indisunique AND x.indimmediate AND x.indisvalid AND x.indpred IS NULL AND x.indexprs IS NULL
                           AND t.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|tidemark)')
                           AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (x.indkey) AND NOT a.attnotnull)
                         ORDER BY x.indexrelid
                        """);
    }

    private static Optional<String> detach(Scene scene) throws SQLException {
        return scene.object(
                """
                SELECT format('ALTER TABLE %s DETACH PARTITION %s', h.inhparent::regclass, h.inhrelid::regclass)
                  FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
                 WHERE c.relispartition AND c.relkind IN ('r', 'p') ORDER BY c.oid
                """);
    }

    /** What was detached comes back, if its rows still fit. */
    private static Optional<String> attach(Scene scene) throws SQLException {
        return scene.object(
                """
                SELECT format('ALTER TABLE %s ATTACH PARTITION %s %s', p.oid::regclass, c.oid::regclass,
                              CASE pg_get_partkeydef(p.oid) WHEN 'RANGE (part)' THEN format('FOR VALUES FROM (%s) TO (%s)', 1000 + c.oid::int, 1001 + c.oid::int)
                                   ELSE format('FOR VALUES IN (%L)', c.oid::text) END)
                  FROM pg_class p JOIN pg_class c ON c.relkind = 'r' AND NOT c.relispartition AND c.relnatts = p.relnatts
                 WHERE p.relkind = 'p' AND NOT EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))
                   AND (SELECT array_agg((a.attname, a.atttypid) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = p.oid AND a.attnum > 0)
                     = (SELECT array_agg((a.attname, a.atttypid) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0)
                 ORDER BY p.oid, c.oid
                """);
    }

    private static Optional<String> inherit(Scene scene) throws SQLException {
        Optional<String> parent =
                scene.alterable(
                        "c.relkind = 'r' AND EXISTS (SELECT FROM pg_inherits h WHERE h.inhparent = c.oid)");
        String child = scene.qualified("t");
        return parent.map(
                of ->
                        "CREATE TABLE %s (%s text) INHERITS (%s)"
                                .formatted(child, scene.name("i"), of));
    }

    private static Optional<String> noInherit(Scene scene) throws SQLException {
        return scene.object(
                """
                SELECT format('ALTER TABLE %s NO INHERIT %s', h.inhrelid::regclass, h.inhparent::regclass)
                  FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
                 WHERE NOT c.relispartition AND c.relkind = 'r' ORDER BY c.oid
                """);
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
