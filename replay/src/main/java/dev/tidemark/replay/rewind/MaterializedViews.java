package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.SqlStates;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Fills materialized views anew, within a transaction. Keeps nothing. */
final class MaterializedViews {
    /** Those that hold rows, each after those that it reads, also through views. */
    private static final String IN_ORDER =
            """
            WITH RECURSIVE reading(reader, read) AS (
                SELECT r.ev_class, d.refobjid
                  FROM pg_rewrite r
                  JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                                  AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
                 WHERE d.refobjid >= 16384),
            above(id, height) AS (
                SELECT c.oid, 0 FROM pg_class c WHERE c.relkind = 'm'
                 UNION
                SELECT g.reader, a.height + 1 FROM above a JOIN reading g ON g.read = a.id)
            SELECT format('%I.%I', n.nspname, c.relname)
              FROM above a JOIN pg_class c ON c.oid = a.id JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind = 'm' AND c.relispopulated
             GROUP BY 1
             ORDER BY max(a.height), 1
            """;

    private MaterializedViews() {}

    /**
     * Fills them.
     *
     * @return which are as they were, and why
     */
    static List<String> refresh(Connection connection) throws SQLException {
        List<String> notes = new ArrayList<>();
        for (String view : names(connection)) {
            Savepoint before = connection.setSavepoint();
            try (Statement statement = connection.createStatement()) {
                statement.execute("REFRESH MATERIALIZED VIEW " + view);
            } catch (SQLException e) {
                if (!SqlStates.isDeclined(e) && !SqlStates.isLocked(e)) {
                    throw e;
                }
                connection.rollback(before);
                notes.add(
                        "the materialized view %s is as it was: %s"
                                .formatted(view, SqlStates.reason(e)));
            }
            connection.releaseSavepoint(before);
        }
        return notes;
    }

    private static List<String> names(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(IN_ORDER)) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}
