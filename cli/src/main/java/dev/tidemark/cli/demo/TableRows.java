package dev.tidemark.cli.demo;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

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
        for (Table table : CatalogReader.read(connection).tables()) {
            if (table.holdsRows()) {
                checksums.put(table.displayName(), RowsChecksum.ofTable(connection, table));
            }
        }
        return new TableRows(checksums);
    }

    long rows() {
        return checksums.values().stream().mapToLong(RowsChecksum::rows).sum();
    }
}
