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

    /** Those above others first. */
    private static final String TREE =
            """
            SELECT n.nspname, c.relname, c.relkind = 'f', t.isleaf, t.relid::bigint, t.parentrelid::bigint
              FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) t
              JOIN pg_catalog.pg_class c ON c.oid = t.relid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             ORDER BY t.level, c.oid
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
     * @param others partitions that are no part of it, with all that is below them
     */
    static List<Newer> of(Connection connection, Catalog known, RowsRestore.Others others)
            throws SQLException {
        Set<String> seen = new HashSet<>();
        known.tables().forEach(table -> seen.add(table.displayName()));
        List<Newer> newer = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(TREE)) {
            for (Table root : roots(known)) {
                query.setString(1, Quoted.name(root.schema(), root.name()));
                try (ResultSet rows = query.executeQuery()) {
                    newer.addAll(newer(rows, root, seen, others));
                }
            }
        }
        return newer;
    }

    private static List<Newer> newer(
            ResultSet rows, Table root, Set<String> seen, RowsRestore.Others others)
            throws SQLException {
        Set<Long> left = new HashSet<>();
        List<Newer> newer = new ArrayList<>();
        while (rows.next()) {
            String schema = rows.getString(1);
            String name = rows.getString(2);
            boolean isRoot = rows.getLong(6) == 0;
            if (!isRoot && (left.contains(rows.getLong(6)) || others.has(schema, name))) {
                left.add(rows.getLong(5));
            } else if (rows.getBoolean(4) && seen.add(schema + "." + name)) {
                newer.add(new Newer(schema, name, root.displayName(), rows.getBoolean(3)));
            }
        }
        return newer;
    }
}
