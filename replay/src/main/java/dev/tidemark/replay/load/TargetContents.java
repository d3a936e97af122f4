package dev.tidemark.replay.load;

import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a database holds that users made, and would be lost with it. As text, the first names.
 *
 * @param bytes the size of the whole database on disk
 * @param objects each with its kind: {@code table public.contact}
 */
public record TargetContents(long bytes, List<String> objects) {
    private static final int NAMES_MAX = 10; // more would bury what else a message says

    /** What users made: all but the server's own, and but what belongs to something listed. */
    private static final String CONTENTS =
            """
            WITH there(class, id) AS (
                SELECT 'pg_namespace'::regclass, oid FROM pg_namespace WHERE nspname !~ '^pg_'
                UNION ALL SELECT 'pg_extension'::regclass, oid FROM pg_extension
                UNION ALL SELECT 'pg_class'::regclass, c.oid
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname !~ '^pg_(toast|temp)'
                UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type
                UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc
                UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
                UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
                UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
                UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
                UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast
                UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
                UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
                UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
                UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
                UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
                UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
                UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
                UNION ALL SELECT 'pg_largeobject'::regclass, oid FROM pg_largeobject_metadata)
            SELECT o.type || ' ' || o.identity
              FROM there t CROSS JOIN LATERAL pg_identify_object(t.class, t.id, 0) o
             WHERE t.id >= 16384
               AND o.identity <> 'public'
               AND NOT EXISTS (SELECT FROM pg_depend d
                                WHERE d.classid = t.class AND d.objid = t.id AND d.objsubid = 0
                                  AND (d.deptype IN ('e', 'i') OR d.deptype = 'a'
                                       AND d.refclassid IN ('pg_class'::regclass, 'pg_constraint'::regclass)))
               AND o.type NOT LIKE '%[]' AND o.identity NOT LIKE '%[]'
             ORDER BY t.class <> 'pg_namespace'::regclass, (o.type || ' ' || o.identity) COLLATE "C"
            """;

    public TargetContents {
        objects = List.copyOf(objects);
    }

    /**
     * Of a target.
     *
     * @return nothing when the database does not exist
     */
    public static Optional<TargetContents> of(Database target) {
        Database maintenance = TargetDatabase.maintenance(target);
        try (Connection server = maintenance.connect();
                PreparedStatement query =
                        server.prepareStatement("SELECT FROM pg_database WHERE datname = ?")) {
            query.setString(1, target.url().database());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
            }
            try (Connection connection = target.connect()) {
                return Optional.of(read(connection));
            }
        } catch (SQLException e) {
            throw TargetCheck.unreadable(target, e);
        }
    }

    /** Of the database that a session is in. */
    static TargetContents read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> objects = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(CONTENTS)) {
                while (rows.next()) {
                    String object = rows.getString(1);
                    if (Objects.nonNull(object)) { // one that was dropped meanwhile has no name
                        objects.add(object);
                    }
                }
            }
            try (ResultSet row =
                    statement.executeQuery("SELECT pg_database_size(current_database())")) {
                row.next();
                return new TargetContents(row.getLong(1), objects);
            }
        }
    }

    public boolean isEmpty() {
        return objects.isEmpty();
    }

    @Override
    public String toString() {
        String named = String.join(", ", objects.subList(0, Math.min(NAMES_MAX, objects.size())));
        int more = objects.size() - NAMES_MAX;
        return more > 0 ? named + " and " + more + " more" : named;
    }
}
