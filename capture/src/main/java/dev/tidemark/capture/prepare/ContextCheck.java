package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks the one function of Tidemark's that everybody may call, {@code tidemark.set_context}, and
 * that it is the only one: for it everybody may enter the schema.
 */
final class ContextCheck {
    private static final String CALLABLE =
            """
            SELECT count(*), count(*) FILTER (WHERE has_function_privilege('public', p.oid, 'EXECUTE')
                                                AND has_schema_privilege('public', n.oid, 'USAGE'))
              FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'tidemark' AND p.proname = 'set_context'""";

    /** Of no meaning as long as nobody may enter the schema. */
    private static final String OPEN =
            """
            WITH entered AS (
                SELECT n.oid AS id FROM pg_namespace n
                 WHERE n.nspname = 'tidemark' AND has_schema_privilege('public', n.oid, 'USAGE'))
            SELECT 'tidemark.' || c.relname FROM entered e JOIN pg_class c ON c.relnamespace = e.id
             WHERE EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner)
                OR EXISTS (SELECT FROM pg_attribute f, aclexplode(f.attacl) a
                            WHERE f.attrelid = c.oid AND a.grantee <> c.relowner)
             UNION
            SELECT 'tidemark.' || p.proname || '()' FROM entered e JOIN pg_proc p ON p.pronamespace = e.id
             WHERE EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                            WHERE a.grantee NOT IN (p.proowner, (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user))
                              AND NOT (a.grantee = 0 AND p.proname = 'set_context'))
             ORDER BY 1""";

    private static final String USERS =
            """
            SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
              FROM pg_depend d
              JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid
              JOIN pg_namespace n ON n.oid = p.pronamespace
             WHERE n.nspname = 'tidemark' AND p.proname = 'set_context' ORDER BY 1""";

    private final Connection connection;

    /**
     * @param connection as the role of the capture
     */
    ContextCheck(Connection connection) {
        this.connection = connection;
    }

    List<Problem> run() throws SQLException {
        List<Problem> problems = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CALLABLE)) {
            row.next();
            if (row.getInt(2) == 0) {
                problems.add(
                        Problem.warning(
                                row.getInt(1) == 0
                                        ? "the function tidemark.set_context does not exist, so that no application can say who acts"
                                        : "not everybody may call the function tidemark.set_context, with which applications say who acts",
                                "Run 'tidemark init' again, also beside running services."));
            }
        }
        List<String> open = names(connection, OPEN);
        if (!open.isEmpty()) {
            problems.add(
                    Problem.error(
                            "others may use what is Tidemark's own: " + SourceCheck.listed(open),
                            "Whoever can may forge what it tells of the source. Find out who gave these rights, and run"
                                    + " 'tidemark init' again, which takes them back."));
        }
        return problems;
    }

    /**
     * Refuses to drop the function while something in the database is made of it, since that would
     * go with it.
     */
    static void refuseUsers(Database admin) {
        List<String> users;
        try (Connection connection = admin.connectForQuestions()) {
            users = names(connection, USERS);
        } catch (SQLException e) {
            throw SourceErrors.of(
                    "cannot look for what uses tidemark.set_context in the", admin, e);
        }
        if (!users.isEmpty()) {
            throw TidemarkException.refused(
                    "tidemark.set_context is used in the %s: %s"
                            .formatted(admin, SourceCheck.listed(users)),
                    "That would go with the function: drop it first, or let it do without.");
        }
    }

    private static List<String> names(Connection connection, String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }
}
