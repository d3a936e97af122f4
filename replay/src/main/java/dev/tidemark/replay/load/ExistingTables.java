package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tables of a target that rows are to come into. Only reads. For one thread. */
final class ExistingTables {
    /** A column there: its type, and whether a row can be without a word of it. */
    private record There(String type, boolean isGenerated, boolean isNeeded) {}

    private static final String COLUMNS =
            """
            SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attgenerated <> '',
                   NOT a.atthasdef AND a.attidentity = '' AND t.typdefault IS NULL
                   AND (a.attnotnull OR EXISTS (
                     WITH RECURSIVE d AS (
                       SELECT t.typbasetype, t.typnotnull
                       UNION ALL SELECT b.typbasetype, b.typnotnull
                                   FROM d JOIN pg_catalog.pg_type b ON b.oid = d.typbasetype)
                     SELECT FROM d WHERE d.typnotnull))
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
            """;

    private static final String IS_THERE =
            """
            SELECT EXISTS (SELECT FROM pg_catalog.pg_class c
                             JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                            WHERE n.nspname = ? AND c.relname = ? AND c.relkind = ?::"char")
            """;

    /**
     * What rows come into.
     *
     * @param tables that get them
     * @param newer partitions of these that get none
     */
    record Receiving(List<Table> tables, List<NewerPartitions.Newer> newer) {
        Receiving {
            tables = List.copyOf(tables);
            newer = List.copyOf(newer);
        }
    }

    private final Connection connection;
    private final List<String> problems = new ArrayList<>();
    private boolean isAnyFull;

    private ExistingTables(Connection connection) {
        this.connection = connection;
    }

    /**
     * Can the rows come?
     *
     * @throws TidemarkException (refused) naming all that is in the way
     */
    static void check(
            Database target, Connection connection, Receiving receiving, RowsRestore.Before before)
            throws SQLException {
        ExistingTables there = new ExistingTables(connection);
        for (Table table : receiving.tables()) {
            there.check(table, before);
        }
        for (NewerPartitions.Newer newer : receiving.newer()) {
            there.check(newer, before);
        }
        if (!there.problems.isEmpty()) {
            throw TidemarkException.refused(
                    "%s cannot take the rows: %s"
                            .formatted(target, String.join("; ", there.problems)),
                    there.isAnyFull
                            ? "Delete the rows first, or let --replace --confirm do that."
                            : "Make the tables as they were, for example with --structure-only, or choose a moment"
                                    + " after the change.");
        }
    }

    private void check(Table table, RowsRestore.Before before) throws SQLException {
        String name = table.displayName();
        if (!isThere(connection, table, "r")) {
            problems.add("there is no table " + name);
            return;
        }
        Map<String, There> columns = columns(table);
        for (Column column : table.stored()) {
            There there = columns.remove(column.name());
            if (there == null || there.isGenerated()) {
                problems.add(
                        "table %s has no column %s%s"
                                .formatted(
                                        name,
                                        column.name(),
                                        there == null ? "" : " that is not generated"));
            } else if (!there.type().equals(column.type())) {
                problems.add(
                        "column %s of %s is %s, and was %s"
                                .formatted(column.name(), name, there.type(), column.type()));
            }
        }
        columns.forEach(
                (column, there) -> {
                    if (there.isNeeded() && !there.isGenerated()) {
                        problems.add(
                                "column %s of %s needs a value, and was not there"
                                        .formatted(column, name));
                    }
                });
        if (before == RowsRestore.Before.REQUIRE_EMPTY
                && hasRows(Quoted.name(table.schema(), table.name()))) {
            isAnyFull = true;
            problems.add("table %s holds rows".formatted(name));
        }
    }

    /** Its rows are the table's; those of a foreign one are not on this server. */
    private void check(NewerPartitions.Newer newer, RowsRestore.Before before) throws SQLException {
        if (newer.isForeign()) {
            problems.add(newer.displayName() + " is a foreign table, and was not there");
        } else if (before == RowsRestore.Before.REQUIRE_EMPTY && hasRows(newer.quoted())) {
            isAnyFull = true;
            problems.add(newer.displayName() + ", which was not there, holds rows");
        }
    }

    /** Is there a partitioned table of its name? */
    static boolean isPartitioned(Connection connection, Table table) throws SQLException {
        return isThere(connection, table, "p");
    }

    private static boolean isThere(Connection connection, Table table, String kind)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(IS_THERE)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            query.setString(3, kind);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    private Map<String, There> columns(Table table) throws SQLException {
        Map<String, There> columns = new TreeMap<>();
        try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    columns.put(
                            rows.getString(1),
                            new There(rows.getString(2), rows.getBoolean(3), rows.getBoolean(4)));
                }
            }
        }
        return columns;
    }

    private boolean hasRows(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT EXISTS (SELECT FROM ONLY %s)".formatted(table))) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
