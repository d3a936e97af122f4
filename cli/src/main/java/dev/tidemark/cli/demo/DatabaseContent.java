package dev.tidemark.cli.demo;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a database holds.
 *
 * @param checksums of its rows by table, as {@code schema.name}, unquoted
 * @param objects the statements that make everything but tables, by {@code kind schema.name}
 */
record DatabaseContent(Map<String, RowsChecksum> checksums, Map<String, List<String>> objects) {
    DatabaseContent {
        checksums = new TreeMap<>(checksums);
        objects = new TreeMap<>(objects);
    }

    /**
     * Reads all tables in a connection's transaction.
     *
     * @param connection of {@code Database.connect()}, in a transaction that sees one snapshot
     */
    static DatabaseContent read(Connection connection) throws SQLException {
        Catalog catalog = CatalogReader.read(connection);
        Map<String, RowsChecksum> checksums = new TreeMap<>();
        for (Table table : catalog.tables()) {
            if (table.holdsRows()) {
                checksums.put(table.displayName(), RowsChecksum.ofTable(connection, table));
            }
        }
        Map<String, List<String>> objects = new TreeMap<>();
        for (CatalogObject object : catalog.objects()) {
            objects.put(
                    "%s %s.%s".formatted(object.kind(), object.schema(), object.name()),
                    object.definition());
        }
        return new DatabaseContent(checksums, objects);
    }

    /** Objects other than tables that this has and another lacks, or has in another form. */
    List<String> objectsUnlike(DatabaseContent other) {
        return objects.entrySet().stream()
                .filter(object -> !object.getValue().equals(other.objects.get(object.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    long rows() {
        return checksums.values().stream().mapToLong(RowsChecksum::rows).sum();
    }
}
