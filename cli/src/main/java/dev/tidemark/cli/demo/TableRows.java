package dev.tidemark.cli.demo;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What every table of a database holds.
 *
 * @param checksums by table, as {@code schema.name}, unquoted
 */
record TableRows(Map<String, RowsChecksum> checksums) {
    TableRows {
        checksums = new TreeMap<>(checksums);
    }

    /**
     * Reads all tables in a connection's transaction.
     *
     * @param connection of {@code Database.connect()}, in a transaction that sees one snapshot
     */
    static TableRows read(Connection connection) throws SQLException {
        Map<String, RowsChecksum> checksums = new TreeMap<>();
        for (Table table : tables(connection)) {
            checksums.put(table.displayName(), RowsChecksum.ofTable(connection, table));
        }
        return new TableRows(checksums);
    }

    private static List<Table> tables(Connection connection) throws SQLException {
        return CatalogReader.read(connection).tables().stream().filter(Table::holdsRows).toList();
    }

    /**
     * Keeps tables from being truncated or rewritten from now on; reading goes on.
     *
     * @return false when that happened since the snapshot was taken: PostgreSQL shows such a table
     *     as empty to older snapshots ("Caveats" in its chapter on concurrency)
     */
    static boolean hold(Connection connection) throws SQLException {
        String all =
                tables(connection).stream()
                        .map(table -> quoted(table.schema()) + "." + quoted(table.name()))
                        .collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("LOCK TABLE " + all + " IN ACCESS SHARE MODE");
            // The column is as of the snapshot, the function's answer as of now.
            try (ResultSet moved =
                    statement.executeQuery(
                            """
                            SELECT count(*) FROM pg_class
                             WHERE relkind = 'r' AND relpersistence = 'p'
                               AND relfilenode <> 0
                               AND relfilenode IS DISTINCT FROM pg_relation_filenode(oid)
                            """)) {
                moved.next();
                return moved.getLong(1) == 0;
            }
        }
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    long rows() {
        return checksums.values().stream().mapToLong(RowsChecksum::rows).sum();
    }
}
