package dev.tidemark.cli.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.cli.CatalogOracle.Question;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * A whole database as text.
 *
 * @param catalog one fact a line, sorted
 * @param rows of each logged table its rows as COPY writes them, sorted; generated columns included
 * @param dump what pg_dump says, where it is installed
 */
public record DatabaseImage(
        List<String> catalog, Map<String, List<String>> rows, List<String> dump) {
    /** Columns by name: their order is the catalog's matter. */
    private static final String TABLES =
            """
            SELECT c.oid::regclass::text,
                   (SELECT coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname), '')
                      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema$|tidemark)'
             ORDER BY 1
            """;

    /**
     * Reads one.
     *
     * @param connection in a transaction whose snapshot counts, with Tidemark's text form of values
     * @param kinds of lines of the catalog
     */
    public static DatabaseImage read(Connection connection, Set<String> kinds) throws SQLException {
        List<String> catalog = new ArrayList<>();
        List<Question> questions =
                CatalogOracle.ALL.stream()
                        .filter(question -> kinds.contains(question.kind()))
                        .toList();
        for (Question question : questions) {
            catalog.addAll(CatalogOracle.answers(connection, question));
        }
        Map<String, List<String>> rows = new TreeMap<>();
        for (Map.Entry<String, String> table : tables(connection).entrySet()) {
            rows.put(
                    table.getKey() + " (" + table.getValue() + ")",
                    rows(connection, table.getKey(), table.getValue()));
        }
        return new DatabaseImage(catalog, rows, PgDump.entries(connection, kinds));
    }

    private static Map<String, String> tables(Connection connection) throws SQLException {
        Map<String, String> tables = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                tables.put(row.getString(1), row.getString(2));
            }
        }
        return tables;
    }

    private static List<String> rows(Connection connection, String table, String columns)
            throws SQLException {
        List<String> lines = new ArrayList<>();
        CopyOut copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY (SELECT " + columns + " FROM ONLY " + table + ") TO STDOUT");
        for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
            lines.add(new String(line, 0, line.length - 1, UTF_8));
        }
        lines.sort(null);
        return lines;
    }
}
