package dev.tidemark.replay.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a restore that broke off had done, as its target itself knows: each statement and each
 * table's rows are noted in their own transaction, so that a note is there exactly if what it says
 * is. What is noted by a run is not seen by the same run. Safe for use by many threads.
 */
final class Finished {
    private static final String PLAN = RestoreMark.SCHEMA + ".plan";
    private static final String STEP = RestoreMark.SCHEMA + ".step";
    private static final String LOADED = RestoreMark.SCHEMA + ".loaded";
    private static final String SAID = RestoreMark.SCHEMA + ".said";

    private static final List<String> TABLES =
            List.of(
                    "CREATE TABLE " + PLAN + " (identity text NOT NULL, begun_by text NOT NULL)",
                    "CREATE TABLE " + STEP + " (step text PRIMARY KEY)",
                    "CREATE TABLE "
                            + LOADED
                            + " (id bigint PRIMARY KEY, rows bigint NOT NULL, checksum text NOT NULL, bytes bigint NOT NULL)",
                    "CREATE TABLE " + SAID + " (line text NOT NULL)");

    private final Set<String> steps;
    private final Map<Long, TableLoad.Loaded> tables;
    private final List<String> warnings;

    private Finished(Set<String> steps, Map<Long, TableLoad.Loaded> tables, List<String> warnings) {
        this.steps = Set.copyOf(steps);
        this.tables = Map.copyOf(tables);
        this.warnings = List.copyOf(warnings);
    }

    /** Of a restore that begins. */
    static Finished nothing() {
        return new Finished(Set.of(), Map.of(), List.of());
    }

    /**
     * Makes room for the notes, in the transaction that sets the mark.
     *
     * @param identity of what is restored
     */
    static void begin(Connection connection, String identity) throws SQLException {
        for (String table : TABLES) {
            Sessions.execute(connection, table);
        }
        Sessions.execute(
                connection,
                "INSERT INTO %s VALUES (%s, current_user)".formatted(PLAN, Quoted.text(identity)));
    }

    /** Forgets the notes, in the transaction that ends the restore. */
    static void end(Connection connection) throws SQLException {
        Sessions.execute(
                connection, "DROP TABLE " + String.join(", ", List.of(PLAN, STEP, LOADED, SAID)));
    }

    /**
     * Of a database that holds a restore that did not finish.
     *
     * @param identity of what is to be restored
     * @throws TidemarkException (refused) when that was another one
     */
    static Finished read(Database target, Connection connection, String identity)
            throws SQLException {
        Optional<Begun> there = begun(connection);
        if (there.isEmpty()) {
            throw TidemarkException.refused(
                    "%s holds a restore that an older version began, which noted nothing of what it had done"
                            .formatted(target),
                    "Restore again with --replace --confirm.");
        }
        if (!there.get().identity().equals(identity)) {
            throw TidemarkException.refused(
                    "%s holds another restore that did not finish: of another archive or schema, or with other options"
                            .formatted(target),
                    "Give the options that it began with; only --jobs, --memory, --priority, --report and --json may be"
                            + " others. Or restore again with --replace --confirm, as always after one with masks, scripts or"
                            + " chosen rows, of a part, or of a drill.");
        }
        if (!there.get().user().equals(there.get().userNow())) {
            throw TidemarkException.refused(
                    "%s holds a restore that the user %s began, to whom all in it belongs, and this one is run by %s"
                            .formatted(target, there.get().user(), there.get().userNow()),
                    "Go on as that user: owners and rights are worked out from whose the objects are. Or restore again with"
                            + " --replace --confirm.");
        }
        return new Finished(steps(connection), tables(connection), warnings(connection));
    }

    /**
     * What was begun, by whom, and who asks.
     *
     * @param identity of what was to be restored
     */
    private record Begun(String identity, String user, String userNow) {}

    private static Optional<Begun> begun(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there =
                    statement.executeQuery("SELECT to_regclass('" + PLAN + "') IS NOT NULL")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            // Older versions did not note the user.
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT identity, to_jsonb(p) ->> 'begun_by', current_user FROM "
                                    + PLAN
                                    + " p WHERE to_jsonb(p) ->> 'begun_by' IS NOT NULL")) {
                return row.next()
                        ? Optional.of(
                                new Begun(row.getString(1), row.getString(2), row.getString(3)))
                        : Optional.empty();
            }
        }
    }

    private static Set<String> steps(Connection connection) throws SQLException {
        Set<String> steps = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT step FROM " + STEP)) {
            while (rows.next()) {
                steps.add(rows.getString(1));
            }
        }
        return steps;
    }

    private static Map<Long, TableLoad.Loaded> tables(Connection connection) throws SQLException {
        Map<Long, TableLoad.Loaded> tables = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT id, rows, checksum, bytes FROM " + LOADED)) {
            while (rows.next()) {
                tables.put(
                        rows.getLong(1),
                        new TableLoad.Loaded(
                                RowsChecksum.of(rows.getLong(2), rows.getString(3)),
                                rows.getLong(4)));
            }
        }
        return tables;
    }

    private static List<String> warnings(Connection connection) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT line FROM " + SAID)) {
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
        }
        return lines;
    }

    /** Was it done by the run that broke off? */
    boolean has(String step) {
        return steps.contains(digest(step));
    }

    /** The tables whose rows it had loaded, by id. */
    Map<Long, TableLoad.Loaded> tables() {
        return tables;
    }

    /** What people are to read at the end, whichever run it happened in. */
    List<String> warnings() {
        return warnings;
    }

    /** A statement and its note; the server takes both as one transaction, or neither. */
    static String noting(String statement) {
        return statement + "\n;" + note(statement);
    }

    /** Notes that a step is done which is no statement. */
    static String note(String step) {
        return "INSERT INTO %s VALUES ('%s') ON CONFLICT DO NOTHING".formatted(STEP, digest(step));
    }

    /** Notes what people are to read. */
    static String noteWarning(String line) {
        return "INSERT INTO %s VALUES (%s)".formatted(SAID, Quoted.text(line));
    }

    /** Notes a table in the transaction that its rows come in. */
    static void note(Connection connection, Table table, TableLoad.Loaded loaded)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + LOADED + " VALUES (?, ?, ?, ?)")) {
            insert.setLong(1, table.id());
            insert.setLong(2, loaded.checksum().rows());
            insert.setString(3, loaded.checksum().hex());
            insert.setLong(4, loaded.bytes());
            insert.executeUpdate();
        }
    }

    /** A statement may be longer than an index takes. */
    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
