package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the rows of a table with a key are found by a list of keys, through the key's own index.
 *
 * @param columns of the key, in its order
 * @param operators what the index takes for equal, by column; qualified, since the type may be an
 *     extension's
 */
record KeyColumns(List<Column> columns, Map<String, String> operators) {
    private static final String OPERATORS =
            """
            SELECT DISTINCT ON (a.attname) a.attname, format('OPERATOR(%I.=)', n.nspname)
              FROM pg_index i
              CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[]) k(attribute, class)
              JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attribute
              JOIN pg_opclass c ON c.oid = k.class
              JOIN pg_amop o ON o.amopfamily = c.opcfamily AND o.amoplefttype = c.opcintype
                            AND o.amoprighttype = c.opcintype AND o.amopstrategy = 3
              JOIN pg_operator p ON p.oid = o.amopopr AND p.oprname = '='
              JOIN pg_namespace n ON n.oid = p.oprnamespace
             WHERE i.indrelid = format('%I.%I', ?, ?)::regclass AND i.indisunique AND i.indimmediate
             ORDER BY a.attname, i.indisprimary DESC
            """;

    KeyColumns {
        columns = List.copyOf(columns);
        operators = Map.copyOf(operators);
    }

    static KeyColumns of(Connection connection, Table table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int id : table.key()) {
            table.stored().stream().filter(one -> one.id() == id).forEach(columns::add);
        }
        Map<String, String> operators = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(OPERATORS)) {
            query.setString(1, table.schema());
            query.setString(2, table.name());
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    operators.put(row.getString(1), row.getString(2));
                }
            }
        }
        return new KeyColumns(columns, operators);
    }

    /** That a row {@code t} has the key of a row {@code k}. */
    String condition() {
        return columns.stream()
                .map(
                        column ->
                                "t.%1$s %2$s k.%1$s"
                                        .formatted(
                                                Quoted.name(column.name()),
                                                operators.getOrDefault(column.name(), "=")))
                .collect(Collectors.joining(" AND "));
    }
}
