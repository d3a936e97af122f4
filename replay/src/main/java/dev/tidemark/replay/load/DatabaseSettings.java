package dev.tidemark.replay.load;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a server keeps of a database outside of it, and that stays with one when another takes its
 * name: settings of the database and of roles in it, rights to it, the limit of connections.
 */
final class DatabaseSettings {
    /**
     * Values that are lists are kept as names; an empty one would be no name. The names of such
     * settings are those that PostgreSQL marks GUC_LIST_QUOTE.
     */
    private static final String SETTINGS =
            """
            SELECT format('setting %s%s', split_part(setting, '=', 1), ' of role ' || rolname),
                   format('ALTER %s SET %I TO %s',
                          CASE setrole WHEN 0 THEN format('DATABASE %I', {to})
                               ELSE format('ROLE %I IN DATABASE %I', rolname, {to}) END,
                          split_part(setting, '=', 1),
                          CASE WHEN split_part(setting, '=', 1) IN ('local_preload_libraries', 'search_path',
                                    'session_preload_libraries', 'shared_preload_libraries', 'temp_tablespaces')
                               THEN replace(coalesce(nullif(substr(setting, strpos(setting, '=') + 1), ''), '""'), '""', '''''')
                               ELSE quote_literal(substr(setting, strpos(setting, '=') + 1)) END)
              FROM pg_db_role_setting s JOIN pg_database d ON d.oid = setdatabase
              LEFT JOIN pg_roles r ON r.oid = setrole CROSS JOIN LATERAL unnest(setconfig) setting
             WHERE datname = ? ORDER BY 2
            """;

    private static final String RIGHTS =
            """
            SELECT 'rights of ' || CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END,
                   format('GRANT %s ON DATABASE %I TO %s%s', string_agg(privilege_type, ', ' ORDER BY privilege_type), {to},
                          CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
                          CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
              FROM pg_database d CROSS JOIN LATERAL aclexplode(datacl)
             WHERE datname = ? AND grantee <> datdba
             GROUP BY grantee, is_grantable ORDER BY 2
            """;

    private static final String HAS_RIGHTS =
            "SELECT 'rights of PUBLIC', 'REVOKE ALL ON DATABASE ' || quote_ident({to}) || ' FROM PUBLIC' FROM pg_database"
                    + " WHERE datname = ? AND datacl IS NOT NULL";

    private static final String LIMIT =
            "SELECT 'limit of connections', format('ALTER DATABASE %I CONNECTION LIMIT %s', {to}, datconnlimit) FROM pg_database"
                    + " WHERE datname = ? AND datconnlimit <> -1";

    private DatabaseSettings() {}

    /**
     * Something that one database has and another can be given.
     *
     * @param what for people, without the value, which may be a secret
     */
    record Copied(String what, String statement) {}

    /** What gives one database what another has. */
    static List<Copied> copied(ServerDatabases databases, String from, String to)
            throws SQLException {
        List<Copied> settings = new ArrayList<>();
        for (String query : List.of(SETTINGS, HAS_RIGHTS, RIGHTS, LIMIT)) {
            databases
                    .pairs(query.replace("{to}", Quoted.text(to)), from)
                    .forEach(pair -> settings.add(new Copied(pair.getFirst(), pair.getLast())));
        }
        return settings;
    }

    /** What one has and another does not; to be given the other's settings leaves it. */
    static List<String> own(ServerDatabases databases, String one, String other)
            throws SQLException {
        Set<String> own = new LinkedHashSet<>();
        copied(databases, one, one).forEach(setting -> own.add(setting.what()));
        copied(databases, other, other).forEach(setting -> own.remove(setting.what()));
        return List.copyOf(own);
    }
}
