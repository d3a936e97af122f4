package dev.tidemark.replay.duckdb;

import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What is in a DuckDB file besides rows. For one thread. */
final class DuckDbSchema {
    /** No schema of a source has this name: Tidemark's own is there. */
    private static final String OWN = LimitedDuckDb.FILE + ".tidemark";

    /** Its index must fit into DuckDB's memory, and costs more than the rows. */
    private static final long KEYED_ROWS_MAX = 2_000_000;

    /** How DuckDB begins what it says of rows that break a key. */
    private static final String NOT_A_KEY = "Constraint Error";

    private final LimitedDuckDb duckDb;
    private final Consumer<String> warnings;
    private final DuckDbNames schemaNames = new DuckDbNames();
    private final Map<String, String> schemas = new HashMap<>();
    private final Map<String, DuckDbNames> tableNames = new HashMap<>();

    DuckDbSchema(LimitedDuckDb duckDb, Consumer<String> warnings) {
        this.duckDb = duckDb;
        this.warnings = warnings;
    }

    /** Says what is in it, in itself. */
    void describe(ArchiveIdentity source, RestorePlan plan) throws IOException {
        schemaNames.free("tidemark", 0);
        schemaNames.free("information_schema", 0);
        schemaNames.free("pg_catalog", 0);
        duckDb.run("CREATE SCHEMA " + OWN);
        duckDb.run(
                "CREATE TABLE %s.restored (source VARCHAR, database VARCHAR, moment VARCHAR, cut VARCHAR, committed TIMESTAMPTZ)"
                        .formatted(OWN));
        duckDb.run(
                "INSERT INTO %s.restored VALUES (%s, %s, %s, %s, %s)"
                        .formatted(
                                OWN,
                                LimitedDuckDb.text(source.source()),
                                LimitedDuckDb.text(source.database()),
                                LimitedDuckDb.text(plan.target().toString()),
                                LimitedDuckDb.text(plan.cut().position().toString()),
                                LimitedDuckDb.text(FileReport.commitTime(plan).toString())));
        duckDb.run(
                "CREATE TABLE %s.columns (table_schema VARCHAR, table_name VARCHAR, column_name VARCHAR, source_type VARCHAR)"
                        .formatted(OWN));
    }

    /** A table's place, in a schema that is made when there is none yet. */
    DuckDbTable table(Table table) throws IOException {
        String schema = schema(table.schema());
        String name = names(schema).free(table.name(), table.id());
        DuckDbTable placed = DuckDbTable.of(table, schema, name);
        warnIfRenamed(placed);
        if (!table.stored().isEmpty()) {
            duckDb.run(
                    "INSERT INTO %s.columns VALUES %s"
                            .formatted(
                                    OWN,
                                    table.stored().stream()
                                            .map(column -> described(placed, column))
                                            .collect(Collectors.joining(", "))));
        }
        return placed;
    }

    private DuckDbNames names(String schema) {
        return tableNames.computeIfAbsent(schema, any -> new DuckDbNames());
    }

    private static String described(DuckDbTable placed, Column column) {
        return List.of(placed.schema(), placed.name(), placed.column(column.name()), column.type())
                .stream()
                .map(LimitedDuckDb::text)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    private String schema(String name) throws IOException {
        String there = schemas.get(name);
        if (there != null) {
            return there;
        }
        String free = schemaNames.free(name, 1);
        schemas.put(name, free);
        duckDb.run(
                "CREATE SCHEMA IF NOT EXISTS %s.%s"
                        .formatted(LimitedDuckDb.FILE, LimitedDuckDb.name(free)));
        return free;
    }

    private void warnIfRenamed(DuckDbTable placed) {
        Table table = placed.table();
        List<String> renamed = new ArrayList<>();
        if (!placed.schema().equals(table.schema()) || !placed.name().equals(table.name())) {
            renamed.add(placed.schema() + "." + placed.name());
        }
        for (int i = 0; i < table.stored().size(); i++) {
            if (!placed.columns().get(i).equals(table.stored().get(i).name())) {
                renamed.add("its column " + placed.columns().get(i));
            }
        }
        if (!renamed.isEmpty()) {
            warnings.accept(
                    "%s got other names, since DuckDB does not tell names apart by case: %s"
                            .formatted(table.displayName(), String.join(", ", renamed)));
        }
    }

    /**
     * Primary key and comments.
     *
     * @param primaryKey names of its columns; none when there is none
     */
    void details(DuckDbTable placed, long rows, List<String> primaryKey) throws IOException {
        if (!primaryKey.isEmpty() && rows <= KEYED_ROWS_MAX) {
            primaryKey(placed, primaryKey);
        } else if (!primaryKey.isEmpty()) {
            warnings.accept(
                    "%s has no primary key, since it has more than %,d rows"
                            .formatted(placed.table().displayName(), KEYED_ROWS_MAX));
        }
        comment("TABLE " + placed.path(), placed.table().comment());
        for (Column column : placed.table().stored()) {
            comment(
                    "COLUMN %s.%s"
                            .formatted(
                                    placed.path(),
                                    LimitedDuckDb.name(placed.column(column.name()))),
                    column.comment());
        }
    }

    /** Masked values may be the same in several rows; the rows are right, and come without it. */
    private void primaryKey(DuckDbTable placed, List<String> columns) throws IOException {
        try {
            duckDb.run(
                    "ALTER TABLE %s ADD PRIMARY KEY (%s)"
                            .formatted(
                                    placed.path(),
                                    columns.stream()
                                            .map(placed::column)
                                            .map(LimitedDuckDb::name)
                                            .collect(Collectors.joining(", "))));
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains(NOT_A_KEY)) {
                throw e;
            }
            warnings.accept(
                    "%s has no primary key, since several of its rows have the same values in %s"
                            .formatted(placed.table().displayName(), String.join(", ", columns)));
        }
    }

    private void comment(String what, Optional<String> text) throws IOException {
        if (text.isPresent()) {
            duckDb.run("COMMENT ON %s IS %s".formatted(what, LimitedDuckDb.text(text.get())));
        }
    }

    /** A view over all partitions, for each partitioned table that has any here. */
    void partitioned(Catalog catalog, List<DuckDbTable> placed) throws IOException {
        duckDb.run("USE " + LimitedDuckDb.FILE); // a view keeps names as they are written
        for (Table table : catalog.tables()) {
            List<DuckDbTable> leaves =
                    placed.stream().filter(one -> isUnder(catalog, one.table(), table)).toList();
            if (table.kind().equals("p") && !leaves.isEmpty() && !table.stored().isEmpty()) {
                view(table, leaves);
            }
        }
    }

    private static boolean isUnder(Catalog catalog, Table leaf, Table root) {
        Deque<Long> above = new ArrayDeque<>(leaf.parents());
        while (!above.isEmpty()) {
            long id = above.pop();
            if (id == root.id()) {
                return true;
            }
            catalog.tables().stream()
                    .filter(table -> table.id() == id)
                    .forEach(table -> above.addAll(table.parents()));
        }
        return false;
    }

    private void view(Table table, List<DuckDbTable> leaves) throws IOException {
        String schema = schema(table.schema());
        String name = names(schema).free(table.name(), table.id());
        DuckDbTable view = DuckDbTable.of(table, schema, name);
        warnIfRenamed(view);
        String rows =
                leaves.stream()
                        .map(
                                leaf ->
                                        "SELECT %s FROM %s"
                                                .formatted(fields(view, leaf), leaf.pathInFile()))
                        .collect(Collectors.joining(" UNION ALL "));
        duckDb.run("CREATE VIEW %s AS %s".formatted(view.pathInFile(), rows));
        comment("VIEW " + view.pathInFile(), table.comment());
    }

    private static String fields(DuckDbTable view, DuckDbTable leaf) {
        return view.table().stored().stream()
                .map(
                        column ->
                                "%s AS %s"
                                        .formatted(
                                                LimitedDuckDb.name(leaf.column(column.name())),
                                                LimitedDuckDb.name(view.column(column.name()))))
                .collect(Collectors.joining(", "));
    }
}
