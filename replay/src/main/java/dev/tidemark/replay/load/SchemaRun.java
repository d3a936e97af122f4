package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs the statements of a {@link SchemaPlan}. What the server declines of those that come after
 * the rows is left out and named: the rows are of more worth than an index that a newer server no
 * longer takes. What an earlier run did is not done again. Used by many threads.
 */
final class SchemaRun {
    private static final int TEXT_MAX = 120; // enough to tell which statement it was

    private final Catalog catalog;
    private final Finished finished;
    private final Map<String, CatalogObject> objects = new HashMap<>();
    private final Queue<String> leftOut = new ConcurrentLinkedQueue<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

    /** One that notes nothing: in a transaction of its own all of it is done or nothing. */
    SchemaRun(Catalog catalog) {
        this(catalog, Finished.nothing());
    }

    SchemaRun(Catalog catalog, Finished finished) {
        this.catalog = catalog;
        this.finished = finished;
        warnings.addAll(finished.warnings());
        for (CatalogObject object : catalog.objects()) {
            object.definition().forEach(statement -> objects.put(statement, object));
        }
    }

    /** What is missing in the target, and why. */
    List<String> leftOut() {
        return leftOut.stream().distinct().toList();
    }

    List<String> warnings() {
        return warnings.stream().distinct().toList();
    }

    void warn(String line) {
        warnings.add(line);
    }

    void leaveOut(String line) {
        leftOut.add(line);
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

    /** Runs a statement that comes before the rows: all that follows may need what it makes. */
    void needed(Connection connection, String statement) throws SQLException {
        CatalogObject object = objects.get(statement);
        if (object != null && Rank.of(object) == Rank.ALTERED_FUNCTION) {
            run(connection, statement); // the function is there in any case
        } else if (!connection.getAutoCommit()) {
            Sessions.execute(connection, statement);
        } else if (!finished.has(statement)) {
            Sessions.execute(connection, Finished.noting(statement));
        }
    }

    /**
     * Runs a statement, or notes that the server declined it; in a transaction of its own, or as
     * one of a transaction that goes on.
     */
    void run(Connection connection, String statement) throws SQLException {
        if (!connection.getAutoCommit()) {
            runWithin(connection, statement);
            return;
        }
        if (finished.has(statement)) {
            warnOfUserMapping(statement);
            return;
        }
        try {
            Sessions.execute(connection, Finished.noting(statement));
            warnOfUserMapping(statement);
        } catch (SQLException e) {
            // A run that had read all back, and broke off amid the rights, had set all sequences.
            boolean isGivenAway =
                    statement.startsWith(CatalogSteps.SET_VALUE)
                            && finished.has(TableWork.CHECKED)
                            && SqlStates.isNotAllowed(e);
            if (!isGivenAway) {
                declined(statement, e); // without a note: a run that goes on tries it again
            }
        }
    }

    /** Runs a statement whichever run did it before: what it does depends on others. */
    void again(Connection connection, String statement) throws SQLException {
        if (!connection.getAutoCommit()) {
            runWithin(connection, statement);
            return;
        }
        try {
            Sessions.execute(connection, Finished.noting(statement));
        } catch (SQLException e) {
            boolean isGivenAway = finished.has(statement) && SqlStates.isNotAllowed(e);
            if (!isGivenAway) { // by a run that had done it, and broke off amid the rights
                declined(statement, e);
            }
        }
    }

    private void warnOfUserMapping(String statement) {
        CatalogObject object = objects.get(statement);
        if (object != null && object.kind().equals("user mapping")) {
            warnings.add(
                    "the user mapping of %s has no password: options that may be secret are not archived"
                            .formatted(object.name()));
        }
    }

    private void declined(String statement, SQLException e) throws SQLException {
        if (!SqlStates.isDeclined(e)) {
            throw e;
        }
        leftOut.add(describe(statement) + ": " + SqlStates.reason(e));
    }

    /** The same for one statement of a transaction, which goes on; without a note. */
    void runWithin(Connection connection, String statement) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            Sessions.execute(connection, statement);
        } catch (SQLException e) {
            declined(statement, e);
            connection.rollback(before);
        }
        connection.releaseSavepoint(before); // what follows is no part of what it began
    }

    /** Makes roles that policies name, as far as the user may: roles are the server's. */
    void createRoles(Connection connection) throws SQLException {
        Set<String> there = names(connection, "SELECT rolname FROM pg_roles");
        for (CatalogObject object : catalog.objects()) {
            if (object.kind().equals("role") && !there.contains(object.name())) {
                createRole(connection, object);
            }
        }
    }

    /** Names the tables that are stored in another way than in the source. */
    void nameOtherStorage(Connection connection) throws SQLException {
        nameWithoutLz4(connection);
        Set<String> there = names(connection, "SELECT amname FROM pg_am");
        for (Table table : catalog.tables()) {
            table.accessMethod()
                    .filter(method -> table.kind().equals("r") && table.extension().isEmpty())
                    .filter(method -> !there.contains(method))
                    .ifPresent(
                            method ->
                                    warnings.add(
                                            "the table %s is stored as heap: the access method %s does not exist here"
                                                    .formatted(table.displayName(), method)));
        }
    }

    private void nameWithoutLz4(Connection connection) throws SQLException {
        if (names(connection, "SELECT 'lz4' WHERE " + TableStatements.HAS_LZ4).isEmpty()) {
            for (Table table : catalog.tables()) {
                List<String> columns = TableStatements.lz4Columns(table);
                if (table.extension().isEmpty() && !columns.isEmpty()) {
                    warnings.add(
                            "in the table %s not compressed by lz4, which this server was built without: %s"
                                    .formatted(table.displayName(), String.join(", ", columns)));
                }
            }
        }
    }

    private static Set<String> names(Connection connection, String query) throws SQLException {
        Set<String> names = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    private void createRole(Connection connection, CatalogObject role) throws SQLException {
        try {
            for (String statement : role.definition()) {
                Sessions.execute(connection, statement);
            }
            String line =
                    "created the role %s, which a policy names, without the right to log in"
                            .formatted(role.name());
            warnings.add(line);
            Sessions.execute(connection, Finished.noteWarning(line));
        } catch (SQLException e) {
            if (!SqlStates.isNotAllowed(e)) {
                throw e;
            }
            warnings.add("left out: role " + role.name() + ": " + SqlStates.reason(e));
        }
    }
}
