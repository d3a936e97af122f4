package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The queries of views by which SQL sees local files. */
final class Views {
    /** DuckDB has no table without columns. */
    private static final String NO_COLUMN = "\"no column\"";

    private Views() {}

    /** Files as a table. */
    static String read(List<Path> files) {
        return files.stream()
                .map(file -> LimitedDuckDb.text(file.toString()))
                .collect(
                        Collectors.joining(
                                ", ", "read_parquet([", "], hive_partitioning = false)"));
    }

    /** A table's columns, and no rows. */
    static String noRows(SourceTable table) {
        return "SELECT %s WHERE false".formatted(fields(table, Optional.empty()));
    }

    /** The rows of a table. */
    static String rows(SourceTable table, RowFiles files) {
        List<String> parts = new ArrayList<>();
        for (Table holder : table.holders()) {
            String fields = fields(table, Optional.of(holder));
            for (String rows : RowFile.read(files.of(holder.id()))) {
                parts.add("SELECT %s FROM %s".formatted(fields, rows));
            }
        }
        return parts.isEmpty() ? noRows(table) : String.join(" UNION ALL ", parts);
    }

    private static String fields(SourceTable table, Optional<Table> holder) {
        if (table.columns().isEmpty()) {
            return "NULL AS " + NO_COLUMN;
        }
        return table.columns().stream()
                .map(column -> field(column, holder) + " AS " + column.quoted())
                .collect(Collectors.joining(", "));
    }

    private static String field(SourceColumn column, Optional<Table> holder) {
        return holder.flatMap(table -> SourceTable.in(table, column))
                .map(Views::stored)
                .map(column.type()::value)
                .orElse("CAST(NULL AS " + column.type().name() + ")");
    }

    /** What a column is called in a file of rows. */
    static String stored(Column column) {
        return "c" + column.id();
    }

    /** What happened to the rows of a table. */
    static String history(SourceTable table, Histories.Made made) {
        HistoryColumns columns = new HistoryColumns(table);
        List<String> parts = new ArrayList<>();
        for (BaseRows base : made.bases()) {
            if (!base.files().isEmpty()) {
                parts.add(columns.ofBase(read(base.files()), base));
            }
        }
        parts.add(columns.ofChanges(read(List.of(made.changes()))));
        return String.join(" UNION ALL ", parts);
    }
}
