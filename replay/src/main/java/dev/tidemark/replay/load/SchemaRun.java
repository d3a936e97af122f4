package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs the statements of a {@link SchemaPlan}. A catalog's objects are those of its base: when
 * tables changed since, an object may no longer fit them; it is then left out and named. When
 * nothing changed, every statement must work. Used by many threads.
 */
final class SchemaRun {
    private static final int TEXT_MAX = 120; // enough to tell which statement it was

    private final Catalog catalog;
    private final boolean changed;
    private final Map<String, CatalogObject> objects = new HashMap<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

    SchemaRun(Catalog catalog, Catalog base) {
        this.catalog = catalog;
        this.changed = !catalog.tables().equals(base.tables());
        for (CatalogObject object : catalog.objects()) {
            object.definition().forEach(statement -> objects.put(statement, object));
        }
    }

    boolean isChanged() {
        return changed;
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** For people: what a statement makes. */
    String describe(String statement) {
        CatalogObject object = objects.get(statement);
        if (object == null) {
            String line = statement.lines().findFirst().orElse("");
            return line.length() > TEXT_MAX ? line.substring(0, TEXT_MAX) + "…" : line;
        }
        String name =
                object.schema().isEmpty() || object.kind().equals("schema")
                        ? object.name()
                        : object.schema() + "." + object.name();
        return object.kind() + " " + name;
    }

    /** Runs a statement; leaves out what it may. */
    void run(Connection connection, String statement) throws SQLException {
        try {
            Sessions.execute(connection, statement);
        } catch (SQLException e) {
            if (!changed || isTable(statement) || !SqlStates.isDeclined(e)) {
                throw e;
            }
            warnings.add("left out: " + describe(statement) + ": " + SqlStates.reason(e));
        }
    }

    private static boolean isTable(String statement) {
        return statement.startsWith("CREATE TABLE ")
                || statement.startsWith("CREATE UNLOGGED TABLE ");
    }

    /** Makes roles that policies name, as far as the user may: roles are the server's. */
    void createRoles(Connection connection) throws SQLException {
        Set<String> there = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT rolname FROM pg_roles")) {
            while (rows.next()) {
                there.add(rows.getString(1));
            }
        }
        for (CatalogObject object : catalog.objects()) {
            if (object.kind().equals("role") && !there.contains(object.name())) {
                createRole(connection, object);
            }
        }
    }

    private void createRole(Connection connection, CatalogObject role) throws SQLException {
        try {
            for (String statement : role.definition()) {
                Sessions.execute(connection, statement);
            }
            warnings.add(
                    "created the role %s, which a policy names, without the right to log in"
                            .formatted(role.name()));
        } catch (SQLException e) {
            if (!SqlStates.isNotAllowed(e)) {
                throw e;
            }
            warnings.add("left out: role " + role.name() + ": " + SqlStates.reason(e));
        }
    }
}
