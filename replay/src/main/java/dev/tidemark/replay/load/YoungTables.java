package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;

/**
 * Gives tables what their own state tells and no object of the catalog made, since the table, or
 * this of it, is younger than the base: the key, and columns that number themselves.
 */
record YoungTables(Catalog catalog, SchemaRun run) {
    void complete(Connection connection) throws SQLException {
        if (!run.isChanged()) {
            return;
        }
        for (Table table : catalog.tables()) {
            if (table.holdsRows()) {
                addKey(connection, table);
                for (Column column : table.columns()) {
                    addIdentity(connection, table, column);
                }
            }
        }
    }

    private void addKey(Connection connection, Table table) throws SQLException {
        String index = table.replicaIdentity().equals("i") ? "indisunique" : "indisprimary";
        String there =
                "SELECT EXISTS (SELECT FROM pg_index WHERE indrelid = %s::regclass AND %s)"
                        .formatted(literal(table), index);
        if (table.key().isEmpty() || is(connection, there)) {
            return;
        }
        String columns =
                table.key().stream()
                        .map(id -> column(table, id))
                        .map(column -> Quoted.name(column.name()))
                        .collect(Collectors.joining(", ", "(", ")"));
        run.run(
                connection,
                "ALTER TABLE ONLY %s ADD PRIMARY KEY %s".formatted(name(table), columns));
    }

    private void addIdentity(Connection connection, Table table, Column column)
            throws SQLException {
        String there =
                "SELECT attidentity <> '' FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
                        .formatted(literal(table), Quoted.text(column.name()));
        if (column.identity().isEmpty() || is(connection, there)) {
            return;
        }
        String quoted = Quoted.name(column.name());
        run.run(
                connection,
                "ALTER TABLE ONLY %s ALTER COLUMN %s ADD GENERATED %s AS IDENTITY"
                        .formatted(
                                name(table),
                                quoted,
                                column.identity().equals("a") ? "ALWAYS" : "BY DEFAULT"));
        run.run(
                connection,
                "SELECT setval(pg_get_serial_sequence(%s, %s), max(%s)) FROM ONLY %s HAVING max(%s) > 0"
                        .formatted(
                                literal(table),
                                Quoted.text(column.name()),
                                quoted,
                                name(table),
                                quoted));
        run.warn(
                "the identity column %s.%s is younger than the base: it goes on after the greatest value in the table"
                        .formatted(table.displayName(), column.name()));
    }

    private static Column column(Table table, int id) {
        return table.columns().stream()
                .filter(column -> column.id() == id)
                .findFirst()
                .orElseThrow();
    }

    private static String name(Table table) {
        return Quoted.name(table.schema(), table.name());
    }

    private static String literal(Table table) {
        return Quoted.text(name(table));
    }

    private static boolean is(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }
}
