package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.DuckDbNames;
import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table of the source as of the moment, and what it is called in SQL. Immutable.
 *
 * @param columns those that the archive holds
 * @param holders the tables whose rows it gives: itself, its partitions, what inherits from it
 */
record SourceTable(
        Table table, String schema, String name, List<SourceColumn> columns, List<Table> holders) {
    SourceTable {
        columns = List.copyOf(columns);
        holders = List.copyOf(holders);
    }

    /**
     * With names of columns that DuckDB tells apart, also from those of a history.
     *
     * @param types of its stored columns, by the source's names
     */
    static SourceTable of(
            Table table, String schema, String name, List<String> types, List<Table> holders) {
        DuckDbNames free = new DuckDbNames();
        HistoryColumns.NAMES.forEach(own -> free.free(own, 1));
        List<SourceColumn> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            Column column = table.stored().get(i);
            columns.add(
                    new SourceColumn(
                            column,
                            free.free(column.name(), column.id()),
                            ColumnType.of(types.get(i))));
        }
        return new SourceTable(table, schema, name, columns, holders);
    }

    /** The same with some columns as the source's own text. */
    SourceTable withText(Set<Integer> ids) {
        List<SourceColumn> narrowed =
                columns.stream()
                        .map(one -> ids.contains(one.column().id()) ? one.asText() : one)
                        .toList();
        return new SourceTable(table, schema, name, narrowed, holders);
    }

    /** For people, unquoted: {@code schema.name}. */
    String displayName() {
        return schema + "." + name;
    }

    /** That its name is not what the source calls it, for people. */
    Optional<String> otherName() {
        return Optional.of(table.displayName() + " is called " + displayName())
                .filter(said -> !displayName().equals(table.displayName()));
    }

    /** In SQL. */
    String path() {
        return LimitedDuckDb.name(schema) + "." + LimitedDuckDb.name(name);
    }

    /** The column of a table that holds rows of this one. */
    static Optional<Column> in(Table holder, SourceColumn column) {
        return holder.stored().stream()
                .filter(one -> one.name().equals(column.column().name()))
                .findFirst();
    }
}
