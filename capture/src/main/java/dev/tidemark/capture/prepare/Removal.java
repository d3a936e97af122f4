package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Takes back what {@link Preparation} and {@link SourceSnapshot} made in a source.
 *
 * <p>After a failure it can be run again. The order matters: the publication goes before the
 * replica identities, since without them it makes updates fail.
 */
public final class Removal {
    private Removal() {}

    /** What became of the capture role. */
    public enum RoleOutcome {
        /** It is gone, was never there, or was not asked about. */
        GONE,
        /** Somebody else made it. */
        NOT_OURS,
        /** It owns or may do other things, here or in another database. */
        STILL_NEEDED
    }

    /**
     * Removes every trace.
     *
     * @param captureRole dropped if {@link Preparation} made it and nothing else needs it
     */
    public static RoleOutcome run(Database admin, SourceNames names, Optional<String> captureRole) {
        return run(admin, admin, names, captureRole);
    }

    /**
     * The same where the admin may not drop a slot.
     *
     * @param replicating the same database, as a user that may
     */
    public static RoleOutcome run(
            Database admin, Database replicating, SourceNames names, Optional<String> captureRole) {
        ContextCheck.refuseUsers(admin);
        SlotRemoval.dropSlot(replicating, names.slot());
        try (Connection connection = admin.connect()) {
            if (!ownsAll(connection)) {
                Preparation.requireSuperuser(admin, connection);
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        PreparationSql.load("remove-triggers")
                                .replace(
                                        "{publication}",
                                        PreparationSql.identifier(names.publication())));
                statement.execute("SET lock_timeout = '" + Preparation.LOCK_WAIT_MAX + "'");
                statement.execute(PreparationSql.load("remove-identities"));
                statement.execute("DROP SCHEMA IF EXISTS tidemark CASCADE");
            }
            return captureRole.isPresent()
                    ? dropRole(connection, captureRole.get())
                    : RoleOutcome.GONE;
        } catch (SQLException e) {
            throw SourceErrors.of("cannot remove Tidemark from the", admin, e);
        }
    }

    /** Without event triggers all is his who ran init; they are a superuser's. */
    private static boolean ownsAll(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT NOT EXISTS (SELECT FROM pg_namespace
                                                WHERE nspname = 'tidemark' AND NOT pg_has_role(nspowner, 'USAGE'))
                                   AND NOT EXISTS (SELECT FROM pg_event_trigger WHERE evtname LIKE 'tidemark\\_%')""")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static RoleOutcome dropRole(Connection connection, String role) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT coalesce(shobj_description(oid, 'pg_authid') = ?, false) FROM pg_roles WHERE rolname = ?")) {
            query.setString(1, Preparation.ROLE_COMMENT);
            query.setString(2, role);
            try (ResultSet found = query.executeQuery()) {
                if (!found.next()) {
                    return RoleOutcome.GONE;
                }
                if (!found.getBoolean(1)) {
                    return RoleOutcome.NOT_OURS;
                }
            }
        }
        return dropOurRole(connection, role);
    }

    private static RoleOutcome dropOurRole(Connection connection, String role) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (mayConnectByGrant(connection, role)) {
                statement.execute(
                        "REVOKE CONNECT ON DATABASE %s FROM %s"
                                .formatted(
                                        PreparationSql.identifier(connection.getCatalog()),
                                        PreparationSql.identifier(role)));
            }
            statement.execute("DROP ROLE " + PreparationSql.identifier(role));
            connection.commit();
            return RoleOutcome.GONE;
        } catch (SQLException e) {
            connection.rollback();
            if (SourceErrors.state(e).equals(SourceErrors.STILL_NEEDED)) {
                return RoleOutcome.STILL_NEEDED;
            }
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** REVOKE alone would turn the default privileges of a database into written ones. */
    private static boolean mayConnectByGrant(Connection connection, String role)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT EXISTS (SELECT FROM pg_database d, aclexplode(d.datacl) a
                                        WHERE d.datname = current_database()
                                          AND a.grantee = (SELECT oid FROM pg_roles WHERE rolname = ?))""")) {
            query.setString(1, role);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
