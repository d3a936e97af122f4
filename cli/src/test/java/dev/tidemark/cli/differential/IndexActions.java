package dev.tidemark.cli.differential;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Indexes, of many forms. */
final class IndexActions {
    /** Types that every form can index. */
    private static final List<String> TYPES = List.of("int4", "int8", "varchar", "uuid");

    private static final List<String> FORMS =
            List.of(
                    " ({c})",
                    " USING hash ({c})",
                    " ({c} DESC NULLS LAST) INCLUDE ({c})",
                    " ({c}) WHERE {c} IS NOT NULL",
                    " ((({c})::text) COLLATE \"C\")");

    static final List<Action> ALL =
            List.of(
                    Action.of(3, "create index", "object", scene -> create(scene, "INDEX")),
                    Action.of(
                            1,
                            "create index concurrently",
                            "object alone",
                            scene -> create(scene, "INDEX CONCURRENTLY")),
                    Action.of(
                            1,
                            "schema changed by a function",
                            "object",
                            IndexActions::createByFunction));

    private IndexActions() {}

    private static Optional<String> create(Scene scene, String what) throws SQLException {
        Optional<String> table = scene.alterable("c.relkind IN ('r', 'p')");
        if (table.isEmpty()) {
            return table;
        }
        Optional<Column> column =
                scene.one(
                        scene.columns(table.get()).stream()
                                .filter(c -> TYPES.contains(c.basic()))
                                .toList());
        return column.map(
                c ->
                        "CREATE %s %s ON %s%s"
                                .formatted(
                                        what,
                                        scene.name("i"),
                                        table.get(),
                                        scene.one(FORMS).orElseThrow().replace("{c}", c.name())));
    }

    private static Optional<String> createByFunction(Scene scene) throws SQLException {
        String function = scene.schema() + ".ddl" + scene.unique();
        String column = scene.name("c");
        return scene.alterable("c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0")
                .map(
                        table ->
                                "CREATE FUNCTION %1$s() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN ALTER TABLE %2$s ADD COLUMN %3$s integer; CREATE INDEX ON %2$s (%3$s); END $f$; SELECT %1$s()"
                                        .formatted(function, table, column));
    }
}
