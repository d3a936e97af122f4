package dev.tidemark.capture.source.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.SequenceState;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.catalog.TextForm;
import dev.tidemark.schemas.json.CanonicalJson;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads a PostgreSQL database's whole catalog (14 to 18) by a fixed number of queries, in the
 * current transaction of a connection and as of its snapshot. Left out: what belongs to the server,
 * to extensions (they make it again) and to Tidemark; passwords are not read.
 *
 * <p>Sequences stand outside of snapshots: theirs are as of the reading.
 */
public final class CatalogReader {
    private final Connection connection;

    private CatalogReader(Connection connection) {
        this.connection = connection;
    }

    /**
     * The catalog, tables with version 0.
     *
     * @param connection in a transaction, whose settings are changed until its end ({@link
     *     TextForm})
     */
    public static Catalog read(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            throw new IllegalArgumentException("a catalog is read in a transaction");
        }
        return new CatalogReader(connection).read();
    }

    private Catalog read() throws SQLException {
        pinSettings();
        List<Table> tables = tables();
        List<CatalogObject> objects = new ArrayList<>();
        for (CatalogSql.Group group : CatalogSql.GROUPS) {
            objects.addAll(objects(group));
        }
        Set<String> known = new HashSet<>();
        tables.forEach(table -> known.add(table.reference()));
        objects.forEach(object -> known.add(object.reference()));
        Map<String, List<String>> references = references(known);
        Map<Long, SequenceState> sequences = new SequenceReader(connection).read();
        return new Catalog(
                server(),
                tables,
                objects.stream().map(object -> completed(object, references, sequences)).toList());
    }

    private void pinSettings() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> setting : TextForm.SETTINGS.entrySet()) {
                statement.execute(
                        "SET LOCAL " + setting.getKey() + " = '" + setting.getValue() + "'");
            }
        }
    }

    private List<Table> tables() throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CatalogSql.allTables())) {
            while (rows.next()) {
                tables.add(
                        CanonicalJson.read(
                                rows.getString(1).getBytes(UTF_8),
                                Table.class,
                                "a table from its JSON"));
            }
        }
        return tables;
    }

    private List<CatalogObject> objects(CatalogSql.Group group) throws SQLException {
        List<CatalogObject> objects = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CatalogSql.allObjects(group))) {
            while (rows.next()) {
                objects.add(object(rows));
            }
        }
        return objects;
    }

    private static CatalogObject object(ResultSet row) throws SQLException {
        return new CatalogObject(
                row.getString("kind"),
                row.getLong("id"),
                row.getString("schema"),
                row.getString("name"),
                strings(row, "definition"),
                CatalogObject.Stage.valueOf(row.getString("stage")),
                List.of(),
                row.getString("owner"),
                strings(row, "grants"),
                optional(row, "comment"),
                row.getString("address"),
                optional(row, "part_of"),
                Optional.empty(),
                columnGrants(row),
                strings(row, "revoked"));
    }

    private static List<CatalogObject.ColumnGrants> columnGrants(ResultSet row)
            throws SQLException {
        String json = row.getString("column_grants");
        return json == null
                ? List.of()
                : List.of(
                        CanonicalJson.read(
                                json.getBytes(UTF_8),
                                CatalogObject.ColumnGrants[].class,
                                "rights to columns from their JSON"));
    }

    /**
     * References of each object by its own reference, without those to what is not in a catalog.
     */
    private Map<String, List<String>> references(Set<String> known) throws SQLException {
        Map<String, List<String>> references = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CatalogSql.allReferences())) {
            while (rows.next()) {
                if (known.contains(rows.getString("reference"))) {
                    references
                            .computeIfAbsent(rows.getString("object"), any -> new ArrayList<>())
                            .add(rows.getString("reference"));
                }
            }
        }
        return references;
    }

    private static CatalogObject completed(
            CatalogObject object,
            Map<String, List<String>> references,
            Map<Long, SequenceState> sequences) {
        CatalogObject complete =
                object.withReferences(
                        references.getOrDefault(object.reference(), List.of()).stream()
                                .sorted()
                                .toList());
        SequenceState state = sequences.get(object.id());
        return object.kind().equals("sequence") && state != null
                ? complete.withSequence(state)
                : complete;
    }

    private ServerSettings server() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CatalogSql.server())) {
            row.next();
            List<String> names = strings(row, "extensions");
            List<String> versions = strings(row, "extension_versions");
            Map<String, String> extensions = new TreeMap<>();
            for (int i = 0; i < names.size(); i++) {
                extensions.put(names.get(i), versions.get(i));
            }
            return new ServerSettings(
                    row.getInt("version"),
                    row.getString("encoding"),
                    row.getString("collation"),
                    row.getString("ctype"),
                    row.getString("provider"),
                    optional(row, "locale"),
                    optional(row, "collation_version"),
                    extensions,
                    strings(row, "settings"));
        }
    }

    private static Optional<String> optional(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }
}
