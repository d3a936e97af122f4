package dev.tidemark.cli.differential;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What changes rows only. */
final class RowActions {
    private static final String ROOTS = "c.relkind IN ('r', 'p') AND NOT c.relispartition";

    /** The source itself refuses UPDATE and DELETE of a published table without an identity. */
    private static final String CHANGEABLE =
            """
            c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND
            CASE WHEN c.relreplident = 'f' AND c.relkind = 'r'
                 THEN current_setting('server_version_num')::int < 180000
                      OR NOT EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attgenerated <> '' AND NOT g.attisdropped)
                 ELSE EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisvalid AND x.indimmediate
                                 AND CASE c.relreplident WHEN 'i' THEN x.indisreplident WHEN 'd' THEN x.indisprimary ELSE false END)
            END""";

    static final List<Action> ALL =
            List.of(
                    Action.of(30, "insert", "rows", scene -> insert(scene, 1)),
                    Action.of(14, "insert many", "rows", scene -> insert(scene, 5)),
                    Action.of(6, "copy", "rows", RowActions::copy),
                    Action.of(30, "update", "rows", scene -> update(scene, 1, false)),
                    Action.of(10, "update many", "rows", scene -> update(scene, 9, false)),
                    Action.of(8, "change key", "rows", scene -> update(scene, 1, true)),
                    Action.of(4, "upsert", "rows", RowActions::upsert),
                    Action.of(8, "delete", "rows", scene -> delete(scene, 1)),
                    Action.of(2, "delete many", "rows", scene -> delete(scene, 9)),
                    Action.of(2, "duplicate rows", "rows", RowActions::duplicate),
                    Action.of(4, "move rows", "rows", RowActions::move),
                    Action.of(3, "nextval", "rows", RowActions::nextval),
                    // Readers with an older snapshot find a truncated table empty.
                    Action.of(2, "truncate", "", RowActions::truncate),
                    Action.of(1, "truncate cascade", "", RowActions::truncateSeveral));

    private RowActions() {}

    private static Optional<String> insert(Scene scene, int rowsMax) throws SQLException {
        Optional<String> table = scene.writable(ROOTS);
        if (table.isEmpty()) {
            return table;
        }
        List<Column> columns = filled(scene, table.get());
        if (columns.isEmpty()) {
            return Optional.of("INSERT INTO " + table.get() + " DEFAULT VALUES");
        }
        String rows =
                IntStream.rangeClosed(0, scene.below(rowsMax))
                        .mapToObj(row -> row(scene, columns))
                        .collect(Collectors.joining(", "));
        return Optional.of(
                "INSERT INTO %s (%s) VALUES %s".formatted(table.get(), Scene.list(columns), rows));
    }

    private static List<Column> filled(Scene scene, String table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (Column column : scene.columns(table)) {
            if (column.isWritable()
                    && (column.isDemanded() || column.isPartitioning() || scene.chance(85))) {
                columns.add(column);
            }
        }
        return columns;
    }

    private static String row(Scene scene, List<Column> columns) {
        return columns.stream().map(scene::value).collect(Collectors.joining(", ", "(", ")"));
    }

    /**
     * The driver's copy needs the rows; a program of the server writes some, which is the same to
     * the log.
     */
    private static Optional<String> copy(Scene scene) throws SQLException {
        Optional<String> table = scene.writable(ROOTS);
        if (table.isEmpty()) {
            return table;
        }
        List<Column> columns =
                scene.columns(table.get()).stream()
                        .filter(Column::isWritable)
                        .filter(
                                column ->
                                        column.isDemanded()
                                                || column.isKey()
                                                || column.basic().equals("text"))
                        .toList();
        boolean canBeWritten =
                columns.stream()
                        .allMatch(
                                column ->
                                        column.parent().isEmpty()
                                                && List.of(
                                                                "int2", "int4", "int8", "numeric",
                                                                "text", "varchar")
                                                        .contains(column.basic()));
        if (columns.isEmpty() || !canBeWritten) {
            return Optional.empty();
        }
        StringBuilder lines = new StringBuilder();
        for (int row = 0; row < 4; row++) {
            for (Column column : columns) {
                lines.append(column.equals(columns.getFirst()) ? "" : "\t");
                lines.append(
                        column.isPartitioning() && column.basic().equals("text")
                                ? "north"
                                : number(scene, column));
            }
            lines.append('\n');
        }
        return Optional.of(
                "COPY %s (%s) FROM STDIN\n%s".formatted(table.get(), Scene.list(columns), lines));
    }

    private static String number(Scene scene, Column column) {
        return String.valueOf(column.isKey() ? scene.unique() : scene.below(99));
    }

    private static Optional<String> update(Scene scene, int rowsMax, boolean isKey)
            throws SQLException {
        Optional<String> table = scene.writable(CHANGEABLE);
        if (table.isEmpty()) {
            return table;
        }
        List<Column> columns =
                scene.columns(table.get()).stream()
                        .filter(Column::isWritable)
                        .filter(column -> column.isKey() == isKey && !column.isPartitioning())
                        .toList();
        Optional<Column> column = scene.one(columns);
        return column.map(
                chosen ->
                        "UPDATE %s SET %s = %s WHERE %s"
                                .formatted(
                                        table.get(),
                                        chosen.name(),
                                        scene.value(chosen),
                                        some(scene, table.get(), rowsMax)));
    }

    /** Rows that no other session is changing. */
    private static String some(Scene scene, String table, int rowsMax) {
        return "(tableoid, ctid) IN (SELECT tableoid, ctid FROM %s ORDER BY md5(ctid::text || '%d') LIMIT %d FOR UPDATE SKIP LOCKED)"
                .formatted(table, scene.below(1000), 1 + scene.below(rowsMax));
    }

    private static Optional<String> upsert(Scene scene) throws SQLException {
        return scene.object(
                """
                        SELECT format('INSERT INTO %1$s AS t SELECT (s).* FROM (SELECT s FROM ONLY %1$s s LIMIT 2) q'
                                      ' ON CONFLICT (%2$I) DO UPDATE SET %3$I = excluded.%3$I', c.oid::regclass, p.attname, o.attname)
                          FROM pg_class c
                          JOIN pg_index x ON x.indrelid = c.oid AND x.indisprimary AND x.indimmediate AND x.indnkeyatts = 1
                          JOIN pg_attribute p ON p.attrelid = c.oid AND p.attnum = x.indkey[0]
                          JOIN pg_attribute o ON o.attrelid = c.oid AND o.attnum > 0 AND NOT o.attisdropped AND o.attnum <> p.attnum
                         WHERE c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname ~ '^(pg_|information_schema|tidemark)')
                           AND NOT EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attnum > 0 AND (g.attgenerated <> '' OR g.attidentity <> ''))
                           AND c.relkind = 'r' AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid)
                           AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.pid <> pg_backend_pid())
                         ORDER BY c.oid, o.attnum
                        """);
    }

    private static Optional<String> delete(Scene scene, int rowsMax) throws SQLException {
        return scene.writable(CHANGEABLE)
                .map(
                        table ->
                                "DELETE FROM %s WHERE %s"
                                        .formatted(table, some(scene, table, rowsMax)));
    }

    /** Equal rows, where no key forbids them. */
    private static Optional<String> duplicate(Scene scene) throws SQLException {
        Optional<String> table =
                scene.writable(
                        ROOTS
                                + " AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisunique)");
        if (table.isEmpty()) {
            return table;
        }
        String columns =
                Scene.list(scene.columns(table.get()).stream().filter(Column::isWritable).toList());
        return columns.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "INSERT INTO %1$s (%2$s) SELECT %2$s FROM %1$s LIMIT 3"
                                .formatted(table.get(), columns));
    }

    /** To another partition, mostly. */
    private static Optional<String> move(Scene scene) throws SQLException {
        Optional<String> table =
                scene.writable("c.relkind = 'p' AND NOT c.relispartition AND " + CHANGEABLE);
        if (table.isEmpty()) {
            return table;
        }
        return scene.columns(table.get()).stream()
                .filter(column -> column.isPartitioning() && column.isWritable())
                .findFirst()
                .map(
                        column ->
                                "UPDATE %s SET %s = %s WHERE %s"
                                        .formatted(
                                                table.get(),
                                                column.name(),
                                                scene.value(column),
                                                some(scene, table.get(), 4)));
    }

    private static Optional<String> nextval(Scene scene) throws SQLException {
        return scene.object(
                        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE c.relkind = 'S' AND n.nspname !~ '^(pg_|tidemark)' ORDER BY c.oid")
                .map(sequence -> "SELECT nextval('" + sequence.replace("'", "''") + "')");
    }

    private static Optional<String> truncate(Scene scene) throws SQLException {
        return scene.alterable(
                        "c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.confrelid = c.oid)")
                .map(table -> "TRUNCATE " + scene.one("", "ONLY ") + table)
                .map(sql -> sql.replace("ONLY ", scene.chance(50) ? "" : "TABLE "));
    }

    private static Optional<String> truncateSeveral(Scene scene) throws SQLException {
        Optional<String> one = scene.alterable("c.relkind IN ('r', 'p')");
        Optional<String> two = scene.alterable("c.relkind = 'r'");
        return one.flatMap(
                first ->
                        two.map(
                                second ->
                                        "TRUNCATE %s, %s RESTART IDENTITY CASCADE"
                                                .formatted(first, second)));
    }
}
