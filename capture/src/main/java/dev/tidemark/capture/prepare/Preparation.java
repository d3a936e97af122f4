package dev.tidemark.capture.prepare;

import dev.tidemark.capture.source.catalog.CatalogFunctions;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
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
 * since it makes updates of a table without identity fail.
 */
public final class Preparation {
    /** The comment by which {@link Removal} knows a role that was made here. */
    static final String ROLE_COMMENT = "made by tidemark init, dropped by tidemark deinit";

    /** Waiting for a table's lock holds up all its users; a retry of the command costs nothing. */
    static final String LOCK_WAIT_MAX = "10s";

    /** What may stand in our statements without ending a quoted text. */
    private static final Pattern ROLE = Pattern.compile("[^\\p{Cntrl}$\\\\]{1,63}");

    private final String schema;
    private final String identities;
    private final String publication;
    private final String role;

    private Preparation(SourceNames names, String captureRole, long imageMaxBytes) {
        if (!ROLE.matcher(captureRole).matches()) {
            throw TidemarkException.usage(
                    "not the name of a role: " + captureRole,
                    "Use up to 63 characters without $ and \\.");
        }
        role = captureRole;
        schema =
                String.join(
                        "\n",
                        PreparationSql.load("schema")
                                .replace("{image-max-bytes}", String.valueOf(imageMaxBytes)),
                        PreparationSql.load("functions"),
                        String.join("\n", CatalogFunctions.create()),
                        PreparationSql.load("retexted"),
                        PreparationSql.load("triggers"),
                        PreparationSql.load("bases")
                                .replace("{table-sizes}", PreparationSql.tableSizes("wanted")),
                        PreparationSql.load("look"),
                        filled(PreparationSql.load("role"), "role", captureRole)
                                .replace(
                                        "{comment:literal}", PreparationSql.literal(ROLE_COMMENT)));
        identities = PreparationSql.load("identities");
        publication =
                filled(PreparationSql.load("publication"), "publication", names.publication());
    }

    private static String filled(String sql, String placeholder, String name) {
        return sql.replace("{" + placeholder + "}", PreparationSql.identifier(name))
                .replace("{" + placeholder + ":literal}", PreparationSql.literal(name));
    }

    /** All of it as a script for psql; the role is without a password then. */
    public static String script(SourceNames names, String captureRole, long imageMaxBytes) {
        Preparation preparation = new Preparation(names, captureRole, imageMaxBytes);
        return """
               -- Prepares a database for Tidemark. Run it as a superuser, with psql -v ON_ERROR_STOP=1; it may
               -- be run again. Then set the role's password with: \\password %s
               BEGIN;
               %s
               COMMIT;

               SET lock_timeout = '%s';
               %s
               %s"""
                .formatted(
                        captureRole,
                        preparation.schema,
                        LOCK_WAIT_MAX,
                        preparation.identities,
                        preparation.publication);
    }

    /**
     * Prepares a source.
     *
     * @param admin as a superuser
     * @param rolePassword none leaves the role's password as it is; it never stands in a statement
     * @param imageMaxBytes a table up to this size is written into the log when a command rewrites
     *     it
     */
    public static void run(
            Database admin,
            SourceNames names,
            String captureRole,
            Optional<String> rolePassword,
            long imageMaxBytes) {
        Preparation preparation = new Preparation(names, captureRole, imageMaxBytes);
        try (Connection connection = admin.connect()) {
            requireSuperuser(admin, connection);
            preparation.makeSchema(connection, rolePassword);
            preparation.publish(connection);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot prepare the", admin, e);
        }
    }

    static void requireSuperuser(Database admin, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW is_superuser")) {
            row.next();
            if (!row.getString(1).equals("on")) {
                throw TidemarkException.refused(
                        "the role %s is not a superuser of the %s"
                                .formatted(admin.url().user(), admin),
                        "Only a superuser may make event triggers and a publication for all tables: connect as one, or"
                                + " give your administrator the script of 'tidemark init --print-sql'.");
            }
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
                    .alterUserPassword(role, rolePassword.get().toCharArray(), "scram-sha-256");
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
