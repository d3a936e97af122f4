package dev.tidemark.replay.duckdb;

import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A table of the source in a DuckDB file. Immutable.
 *
 * @param schema as it is called there
 * @param name as it is called there
 * @param columns what the table's stored columns are called there; one that stands for none of them
 *     where there are none, since DuckDB has no table without columns
 */
record DuckDbTable(Table table, String schema, String name, List<String> columns) {
    private static final String NO_COLUMN = "no column";

    DuckDbTable {
        columns = List.copyOf(columns);
    }

    static DuckDbTable of(Table table, String schema, String name) {
        DuckDbNames free = new DuckDbNames();
        List<String> columns = new ArrayList<>();
        table.stored().forEach(column -> columns.add(free.free(column.name(), column.id())));
        return new DuckDbTable(
                table, schema, name, columns.isEmpty() ? List.of(NO_COLUMN) : columns);
    }

    /** With the file that it is in. */
    String path() {
        return LimitedDuckDb.FILE + "." + pathInFile();
    }

    /** As whoever opens the file calls it. */
    String pathInFile() {
        return LimitedDuckDb.name(schema) + "." + LimitedDuckDb.name(name);
    }

    String createAs(String rows) {
        return "CREATE TABLE %s (%s) AS SELECT * FROM %s".formatted(path(), columnList(), rows);
    }

    private String columnList() {
        return columns.stream().map(LimitedDuckDb::name).collect(Collectors.joining(", "));
    }

    /** What a column of the source is called there. */
    String column(String name) {
        for (int i = 0; i < table.stored().size(); i++) {
            if (table.stored().get(i).name().equals(name)) {
                return columns.get(i);
            }
        }
        throw new IllegalArgumentException(table.displayName() + " has no column " + name);
    }

    /** A query for the number of rows, and a sum over the hashes of each: their order is free. */
    static String checksum(String rows) {
        return "SELECT count(*), coalesce(sum(hash(r)), 0) FROM %s AS r".formatted(rows);
    }
}
