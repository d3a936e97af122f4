package dev.tidemark.replay.load;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The roles of the server that a restore writes to, as its user sees them.
 *
 * @param user who restores
 * @param major the server's version
 * @param existing all roles
 * @param own those that the user may act as; all, for a superuser
 * @param inherited those whose rights the user has without acting as them; all, for a superuser
 * @param superusers those that may do everything
 * @param publicOwner whose the schema {@code public} is, if it is there
 */
public record TargetRoles(
        String user,
        int major,
        Set<String> existing,
        Set<String> own,
        Set<String> inherited,
        Set<String> superusers,
        Optional<String> publicOwner) {
    private static final int VERSIONS_PER_MAJOR = 10_000; // server_version_num is 180006 for 18.6

    /** Since PostgreSQL 16 a member need not have the right to act as the role. */
    private static final String ROLES =
            """
            SELECT r.rolname, r.rolsuper,
                   pg_has_role(r.oid, CASE WHEN current_setting('server_version_num')::int >= 160000
                                           THEN 'SET' ELSE 'MEMBER' END) AS own,
                   pg_has_role(r.oid, 'USAGE') AS inherited
              FROM pg_roles r
            """;

    private static final String USER =
            """
            SELECT current_user, current_setting('server_version_num')::int,
                   (SELECT pg_get_userbyid(n.nspowner) FROM pg_namespace n WHERE n.nspname = 'public')
            """;

    public TargetRoles {
        existing = Set.copyOf(existing);
        own = Set.copyOf(own);
        inherited = Set.copyOf(inherited);
        superusers = Set.copyOf(superusers);
    }

    /** Must the user become a role to do what it may do? */
    boolean isToBecome(String role) {
        return own.contains(role) && !inherited.contains(role);
    }

    public static TargetRoles read(Connection connection) throws SQLException {
        Set<String> existing = new TreeSet<>();
        Set<String> own = new TreeSet<>();
        Set<String> inherited = new TreeSet<>();
        Set<String> superusers = new TreeSet<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(ROLES)) {
                while (row.next()) {
                    String role = row.getString(1);
                    existing.add(role);
                    if (row.getBoolean(2)) {
                        superusers.add(role);
                    }
                    if (row.getBoolean(3)) {
                        own.add(role);
                    }
                    if (row.getBoolean(4)) {
                        inherited.add(role);
                    }
                }
            }
            try (ResultSet row = statement.executeQuery(USER)) {
                row.next();
                return new TargetRoles(
                        row.getString(1),
                        row.getInt(2) / VERSIONS_PER_MAJOR,
                        existing,
                        own,
                        inherited,
                        superusers,
                        Optional.ofNullable(row.getString(3)));
            }
        }
    }
}
