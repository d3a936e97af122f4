package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Checks the foreign keys that reach out of tables or into them, as the server does when one is
 * added: rows that come while its triggers rest are not checked by it.
 */
final class ForeignKeyCheck {
    /** Those of partitions and to partitions are checked with the whole. */
    private static final String KEYS =
            """
            WITH RECURSIVE up(id, parent) AS (
                SELECT k.oid, k.conparentid FROM pg_constraint k
                 WHERE k.contype = 'f' AND (k.conrelid IN ({tables}) OR k.confrelid IN ({tables}))
                UNION
                SELECT k.oid, k.conparentid FROM up JOIN pg_constraint k ON k.oid = up.parent
            )
            SELECT k.conname || ' of ' || k.conrelid::regclass,
                   k.convalidated AND coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true),
                   coalesce((to_jsonb(k) ->> 'conperiod')::boolean, false),
                   format('SELECT EXISTS (SELECT FROM %s f WHERE (%s) AND (%s OR NOT EXISTS (SELECT FROM %s p WHERE %s)))',
                          CASE r.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || k.conrelid::regclass,
                          CASE k.confmatchtype WHEN 'f' THEN c.is_any ELSE c.is_all END,
                          CASE k.confmatchtype WHEN 'f' THEN 'NOT (' || c.is_all || ')' ELSE 'false' END,
                          CASE p.relkind WHEN 'r' THEN 'ONLY ' ELSE '' END || k.confrelid::regclass,
                          c.is_equal),
                   format('LOCK TABLE %s, %s IN SHARE ROW EXCLUSIVE MODE', k.conrelid::regclass, k.confrelid::regclass)
              FROM up
              JOIN pg_constraint k ON k.oid = up.id AND up.parent = 0
              JOIN pg_class r ON r.oid = k.conrelid
              JOIN pg_class p ON p.oid = k.confrelid
             CROSS JOIN LATERAL (
                       SELECT string_agg(format('f.%I IS NOT NULL', a.attname), ' AND ') AS is_all,
                              string_agg(format('f.%I IS NOT NULL', a.attname), ' OR ') AS is_any,
                              string_agg(format('p.%I OPERATOR(%I.%s) f.%I', b.attname, n.nspname, o.oprname,
                                                a.attname), ' AND ') AS is_equal
                         FROM unnest(k.conkey, k.confkey, k.conpfeqop) AS u(own, other, equal)
                         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.own
                         JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.other
                         JOIN pg_operator o ON o.oid = u.equal
                         JOIN pg_namespace n ON n.oid = o.oprnamespace) c
             ORDER BY 1
            """;

    /**
     * @param name for people
     * @param isKept does it hold for all rows, as the server knows it?
     * @param isOfPeriods which this does not check
     * @param query is there a row that breaks it?
     * @param lock keeps writers of both tables waiting
     */
    private record Key(
            String name, boolean isKept, boolean isOfPeriods, String query, String lock) {}

    private ForeignKeyCheck() {}

    /**
     * Checks them, and keeps writers of the tables at their other ends waiting until the
     * transaction ends: what they delete meanwhile would be missed by this and by them.
     *
     * @param tables their names, quoted
     * @return for people: those that could not be checked
     * @throws TidemarkException (refused) naming those that rows break
     */
    static List<String> run(Connection connection, List<String> tables) throws SQLException {
        List<String> notes = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        List<Key> keys = keys(connection, tables);
        for (Key key : keys) {
            Sessions.execute(connection, key.lock());
        }
        for (Key key : keys) {
            if (!key.isKept() || key.isOfPeriods()) {
                notes.add("the foreign key %s was not checked".formatted(key.name()));
            } else if (isTrue(connection, key.query())) {
                broken.add(key.name());
            }
        }
        if (!broken.isEmpty()) {
            throw TidemarkException.refused(
                    "the rows would break foreign keys: " + String.join(", ", broken),
                    "Bring the rows of the other tables back too, or bring the table back under another name with"
                            + " --rename.");
        }
        return notes;
    }

    private static List<Key> keys(Connection connection, List<String> tables) throws SQLException {
        String names =
                tables.stream()
                        .map(name -> Quoted.text(name) + "::regclass")
                        .collect(Collectors.joining(", "));
        List<Key> keys = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(KEYS.replace("{tables}", names))) {
            while (rows.next()) {
                keys.add(
                        new Key(
                                rows.getString(1),
                                rows.getBoolean(2),
                                rows.getBoolean(3),
                                rows.getString(4),
                                rows.getString(5)));
            }
        }
        return keys;
    }

    private static boolean isTrue(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
