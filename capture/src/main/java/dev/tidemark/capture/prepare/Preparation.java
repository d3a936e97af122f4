package dev.tidemark.capture.prepare;

import dev.tidemark.capture.source.catalog.CatalogFunctions;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * Makes a source tell its changes: functions that sign messages, event triggers that tell the
 * schema, replica identities, the publication, and a role that may stream and little else.
 *
 * <p>Running it again changes nothing, and after a failure it can be run again. The order matters:
 * triggers first, so that tables made meanwhile get their identity from them; the publication last,
 * since it makes updates of a table without identity fail. Where changes of the schema are found by
 * polling there are no triggers, and looks take their place.
 */
public final class Preparation {
    /** The comment by which {@link Removal} knows a role that was made here. */
    static final String ROLE_COMMENT = "made by tidemark init, dropped by tidemark deinit";

    /** Waiting for a table's lock holds up all its users; a retry of the command costs nothing. */
    static final String LOCK_WAIT_MAX = "10s";

    static final String SUPERUSER_HINT =
            "Only a superuser may make event triggers and a publication for all tables: connect as one, or give your"
                    + " administrator the script of 'tidemark init --print-sql'. Where nobody is one, set"
                    + " source.schema-changes: polling; 'tidemark check' then says what is weaker.";

    /** What may stand in our statements without ending a quoted text. */
    private static final Pattern ROLE = Pattern.compile("[^\\p{Cntrl}$\\\\]{1,63}");

    private final PreparationSettings settings;
    private final String schema;
    private final String identities;
    private final String publication;

    private Preparation(PreparationSettings settings) {
        String role = settings.captureRole();
        if (!ROLE.matcher(role).matches()) {
            throw TidemarkException.usage(
                    "not the name of a role: " + role, "Use up to 63 characters without $ and \\.");
        }
        this.settings = settings;
        schema =
                String.join(
                        "\n",
                        filled(
                                        PreparationSql.load("schema"),
                                        "publication",
                                        settings.names().publication())
                                .replace(
                                        "{image-max-bytes}",
                                        String.valueOf(settings.imageMaxBytes()))
                                .replace("{is-polling}", String.valueOf(settings.isPolling())),
                        PreparationSql.load("functions"),
                        PreparationSql.load("context"),
                        String.join("\n", CatalogFunctions.create()),
                        PreparationSql.load("told"),
                        PreparationSql.load("retexted"),
                        PreparationSql.load("polling"),
                        PreparationSql.load(settings.isPolling() ? "no-triggers" : "triggers"),
                        PreparationSql.load("bases")
                                .replace("{table-sizes}", PreparationSql.tableSizes("wanted")),
                        PreparationSql.load("look"),
                        PreparationSql.load("access"),
                        filled(PreparationSql.load("role"), "role", role)
                                .replace(
                                        "{comment:literal}", PreparationSql.literal(ROLE_COMMENT)));
        identities = PreparationSql.load("identities");
        publication =
                filled(
                        PreparationSql.load(
                                settings.isPolling() ? "publication-polling" : "publication"),
                        "publication",
                        settings.names().publication());
    }

    private static String filled(String sql, String placeholder, String name) {
        return sql.replace("{" + placeholder + "}", PreparationSql.identifier(name))
                .replace("{" + placeholder + ":literal}", PreparationSql.literal(name));
    }

    /** All of it as a script for psql; the role is without a password then. */
    public static String script(PreparationSettings settings) {
        Preparation preparation = new Preparation(settings);
        return """
               -- Prepares a database for Tidemark. Run it as %s, with psql -v ON_ERROR_STOP=1; it may
               -- be run again. Then set the role's password with: \\password %s
               BEGIN;
               %s
               COMMIT;

               SET lock_timeout = '%s';
               %s
               %s"""
                .formatted(
                        settings.isPolling() ? "the owner of its tables" : "a superuser",
                        settings.captureRole(),
                        preparation.schema,
                        LOCK_WAIT_MAX,
                        preparation.identities,
                        preparation.publication);
    }

    /** The script of a source that event triggers tell of. */
    public static String script(SourceNames names, String captureRole, long imageMaxBytes) {
        return script(
                new PreparationSettings(names, captureRole, imageMaxBytes, SchemaChanges.TRIGGERS));
    }

    /** Prepares a source that event triggers tell of. */
    public static void run(
            Database admin,
            SourceNames names,
            String captureRole,
            Optional<String> rolePassword,
            long imageMaxBytes) {
        run(
                admin,
                rolePassword,
                new PreparationSettings(names, captureRole, imageMaxBytes, SchemaChanges.TRIGGERS));
    }

    /**
     * Prepares a source.
     *
     * @param admin as a superuser; by polling, as the owner of the tables
     * @param rolePassword none leaves the role's password as it is; it never stands in a statement.
     *     Who is no superuser gives it only to a role that he makes.
     */
    public static void run(
            Database admin, Optional<String> rolePassword, PreparationSettings settings) {
        Preparation preparation = new Preparation(settings);
        try (Connection connection = admin.connect()) {
            boolean isSuperuser = isSuperuser(connection);
            if (!settings.isPolling()) {
                requireSuperuser(admin, connection);
            }
            boolean mayGivePassword = isSuperuser || !exists(connection, settings.captureRole());
            preparation.makeSchema(connection, mayGivePassword ? rolePassword : Optional.empty());
            preparation.publish(connection);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot prepare the", admin, e);
        }
    }

    /**
     * Drops a source's publication, so that it is made anew as it should be. Changes are lost from
     * there on until a new base.
     */
    public static void dropPublication(Database admin, SourceNames names) {
        try (Connection connection = admin.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "DROP PUBLICATION IF EXISTS " + PreparationSql.identifier(names.publication()));
            try (ResultSet seen =
                    statement.executeQuery("SELECT to_regclass('tidemark.seen') IS NOT NULL")) {
                seen.next();
                if (seen.getBoolean(1)) { // what polling knows of the one that was there
                    statement.execute(
                            "DELETE FROM tidemark.seen WHERE what = 'publication' OR what LIKE 'published %'");
                }
            }
            connection.commit();
        } catch (SQLException e) {
            throw SourceErrors.of("cannot drop the publication of the", admin, e);
        }
    }

    private static boolean exists(Connection connection, String role) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("SELECT FROM pg_roles WHERE rolname = ?")) {
            query.setString(1, role);
            try (ResultSet found = query.executeQuery()) {
                return found.next();
            }
        }
    }

    static boolean isSuperuser(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW is_superuser")) {
            row.next();
            return row.getString(1).equals("on");
        }
    }

    static void requireSuperuser(Database admin, Connection connection) throws SQLException {
        if (!isSuperuser(connection)) {
            throw TidemarkException.refused(
                    "the role %s is not a superuser of the %s".formatted(admin.url().user(), admin),
                    SUPERUSER_HINT);
        }
    }

    private void makeSchema(Connection connection, Optional<String> rolePassword)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(schema);
        }
        if (rolePassword.isPresent()) {
            connection
                    .unwrap(PGConnection.class)
                    .alterUserPassword(
                            settings.captureRole(),
                            rolePassword.get().toCharArray(),
                            "scram-sha-256");
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private void publish(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '" + LOCK_WAIT_MAX + "'");
            statement.execute(identities);
            statement.execute(publication);
        }
    }
}
