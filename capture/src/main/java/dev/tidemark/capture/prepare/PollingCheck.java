package dev.tidemark.capture.prepare;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what a source without event triggers needs: its tables belong to whoever prepares it,
 * since he publishes them and looks at them, and the role of the capture may replicate.
 */
final class PollingCheck {
    /**
     * PostgreSQL 16 lets who may replicate himself make such a role; before it takes a superuser.
     */
    private static final String MAY_MAKE_ROLE =
            "rolsuper OR rolcreaterole AND rolreplication"
                    + " AND current_setting('server_version_num')::int >= 160000";

    /** Users' tables, whose rows are archived. */
    private static final String USERS_TABLE =
            "c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^(pg_|information_schema$|tidemark(_restore)?$)'"
                    + " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass"
                    + " AND e.objid = c.oid AND e.objsubid = 0 AND e.deptype = 'e')";

    private final Connection connection;
    private final String admin;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param admin who prepares the source; of no meaning for one that is prepared
     */
    PollingCheck(Connection connection, String admin) {
        this.connection = connection;
        this.admin = admin;
    }

    /** What stands in the way of preparing it. */
    List<Problem> beforeInit(PreparationSettings settings) throws SQLException {
        if (!is("SELECT has_database_privilege(current_database(), 'CREATE')")) {
            error(
                    "the role %s may not make a schema in the database".formatted(admin),
                    "Let it: GRANT CREATE ON DATABASE %s TO %s."
                            .formatted(
                                    PreparationSql.identifier(connection.getCatalog()),
                                    PreparationSql.identifier(admin)));
        }
        if (is(
                "SELECT NOT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'tidemark'")) {
            error(
                    "the schema tidemark belongs to another role than %s".formatted(admin),
                    "Connect as the role that ran 'tidemark init' before, or let it run 'tidemark deinit'.");
        }
        captureRole(settings.captureRole());
        tables("current_user");
        return problems;
    }

    private void captureRole(String role) throws SQLException {
        String name = PreparationSql.identifier(role);
        String of = " FROM pg_roles WHERE rolname = " + PreparationSql.literal(role);
        String byWhom =
                "Let a superuser, or the provider, run: %s %s LOGIN REPLICATION; and put its password into"
                        + " TIDEMARK_SOURCE_PASSWORD.";
        if (is("SELECT NOT (rolcanlogin AND (rolreplication OR rolsuper))" + of)) {
            error(
                    "the role %s may not log in and replicate".formatted(role),
                    byWhom.formatted("ALTER ROLE", name));
        } else if (!is("SELECT true" + of)
                && !is("SELECT " + MAY_MAKE_ROLE + " FROM pg_roles WHERE rolname = current_user")) {
            error(
                    "the role %s does not exist, and %s may not make one that replicates"
                            .formatted(role, admin),
                    byWhom.formatted("CREATE ROLE", name));
        }
    }

    /** What is wrong with a source that was prepared, and what is weaker at its best. */
    List<Problem> prepared(SourceNames names) throws SQLException {
        if (is("SELECT true FROM pg_event_trigger WHERE evtname LIKE 'tidemark\\_%' LIMIT 1")) {
            error(
                    "event triggers tell of schema changes that looks are to find",
                    "Run 'tidemark init' again, or set source.schema-changes: triggers.");
        }
        String owner =
                "(SELECT r.rolname FROM pg_namespace o JOIN pg_roles r ON r.oid = o.nspowner"
                        + " WHERE o.nspname = 'tidemark')";
        tables(owner);
        List<String> unpublished =
                names(
                        USERS_TABLE
                                + " AND pg_has_role("
                                + owner
                                + ", c.relowner, 'USAGE') AND NOT EXISTS (SELECT FROM pg_publication p"
                                + " WHERE p.pubname = "
                                + PreparationSql.literal(names.publication())
                                + " AND (p.puballtables OR EXISTS (SELECT FROM pg_publication_rel m"
                                + " WHERE m.prpubid = p.oid AND m.prrelid = c.oid)))");
        if (!unpublished.isEmpty()) {
            problems.add(
                    Problem.warning(
                            "not captured yet: " + SourceCheck.listed(unpublished),
                            "The next look publishes them and tells their rows, if nobody holds a lock on them for long."));
        }
        problems.add(
                Problem.warning(
                        "schema changes are found by looks, not told by event triggers (source.schema-changes: polling)",
                        "From a schema change to the look that finds it, at most capture.catalog-interval while capture runs,"
                                + " the tables concerned cannot be restored, and rows of a new table are known from that look on."
                                + " Of a table above source.image-max-bytes the rows are not known from a command that rewrote"
                                + " them or changed its columns until capture has taken a new base of it. What came and went between two looks leaves no trace."));
        return problems;
    }

    private void tables(String owner) throws SQLException {
        List<String> others =
                names(USERS_TABLE + " AND NOT pg_has_role(" + owner + ", c.relowner, 'USAGE')");
        if (!others.isEmpty()) {
            error(
                    "tables of other owners cannot be captured: " + SourceCheck.listed(others),
                    "Let whoever runs 'tidemark init' own them, or be a member of their owners: GRANT owner TO role.");
        }
        List<String> sequences =
                names(
                        USERS_TABLE.replace("'r'", "'S'")
                                + " AND CASE WHEN c.relkind = 'S' THEN NOT has_sequence_privilege("
                                + owner
                                + ", c.oid, 'SELECT') END");
        if (!sequences.isEmpty()) {
            error(
                    "sequences that may not be read: " + SourceCheck.listed(sequences),
                    "Let whoever runs 'tidemark init' read them: GRANT SELECT ON SEQUENCE.");
        }
        List<String> secured =
                names(
                        USERS_TABLE
                                + " AND c.relrowsecurity AND c.relforcerowsecurity AND NOT (SELECT a.rolbypassrls"
                                + " OR a.rolsuper FROM pg_roles a WHERE a.rolname = "
                                + owner
                                + ")");
        if (!secured.isEmpty()) {
            error(
                    "row level security hides rows from the owner of: "
                            + SourceCheck.listed(secured),
                    "ALTER TABLE … NO FORCE ROW LEVEL SECURITY, or give whoever runs 'tidemark init' BYPASSRLS.");
        }
    }

    private List<String> names(String condition) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT n.nspname || '.' || c.relname FROM pg_class c"
                                        + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                                        + condition
                                        + " ORDER BY 1");
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** The first row's answer; no when there is none. */
    private boolean is(String question) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(question);
                ResultSet row = query.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    private void error(String what, String hint) {
        problems.add(Problem.error(what, hint));
    }
}
