package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Partitions that a target's tables have got since: the archive knows nothing of them, and their
 * rows are rows of the tables all the same. Only reads. For one thread.
 */
final class NewerPartitions {
    /**
     * One that holds rows.
     *
     * @param root the partitioned table, for people
     */
    record Newer(String schema, String name, String root, boolean isForeign) {
        String quoted() {
            return Quoted.name(schema, name);
        }

        String displayName() {
            return "the partition %s.%s of %s".formatted(schema, name, root);
        }
    }

    private static final String LEAVES =
            """
            SELECT n.nspname, c.relname, c.relkind = 'f'
              FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) t
              JOIN pg_catalog.pg_class c ON c.oid = t.relid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE t.isleaf
             ORDER BY c.oid
            """;

    private NewerPartitions() {}

    /** The partitioned tables of a catalog, those above others first, as locks are taken. */
    static List<Table> roots(Catalog catalog) {
        return catalog.tables().stream()
                .filter(table -> table.kind().equals("p"))
                .sorted(
                        Comparator.<Table, Boolean>comparing(
                                        table -> table.partitionBound().isPresent())
                                .thenComparing(Table::id))
                .toList();
    }

    /**
     * Those that there are.
     *
     * @param known tables that the part has, under the names of the target
     * @param others names of partitions that are no part of it, and were there
     */
    static List<Newer> of(Connection connection, Catalog known, Set<String> others)
            throws SQLException {
        Set<String> seen = new HashSet<>(others);
        known.tables().forEach(table -> seen.add(table.displayName()));
        List<Newer> newer = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(LEAVES)) {
            for (Table root : roots(known)) {
                query.setString(1, Quoted.name(root.schema(), root.name()));
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        String name = rows.getString(1) + "." + rows.getString(2);
                        if (seen.add(name)) {
                            newer.add(
                                    new Newer(
                                            rows.getString(1),
                                            rows.getString(2),
                                            root.displayName(),
                                            rows.getBoolean(3)));
                        }
                    }
                }
            }
        }
        return newer;
    }
}
