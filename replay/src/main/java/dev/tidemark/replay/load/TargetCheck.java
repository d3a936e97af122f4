package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Can a database take a restore? Only reads. Everything that is wrong is said at once; what a
 * restore can live with is noted. For one thread.
 */
public final class TargetCheck {
    /** Older servers lack what the statements of a catalog use. */
    private static final int MAJOR_MIN = 14;

    private static final int VERSIONS_PER_MAJOR = 10_000; // server_version_num is 180006 for 18.6
    private static final int NAMES_MAX = 10; // more would bury the other problems

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

    private record Problem(String message, String hint) {}

    private final Connection connection;
    private final Catalog catalog;
    private final ServerSettings source;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private TargetCheck(Connection connection, Catalog catalog) {
        this.connection = connection;
        this.catalog = catalog;
        this.source = catalog.server();
    }

    /**
     * Looks at a database that is to be filled.
     *
     * @return what a restore can live with
     * @throws TidemarkException (refused) naming all that it cannot live with
     */
    public static List<String> ofDatabase(Database target, Catalog catalog) {
        try (Connection connection = target.connect()) {
            Optional<RestoreMark> mark = RestoreMark.find(connection);
            if (mark.isPresent()) {
                throw mark.get().refusal(target);
            }
            TargetCheck check = new TargetCheck(connection, catalog);
            check.server();
            check.encoding();
            check.empty();
            check.rights();
            check.locale();
            return check.notes(target);
        } catch (SQLException e) {
            throw unreadable(target, e);
        }
    }

    /** Looks at a server on which the database is to be made: what does not depend on it. */
    static void ofServer(Database maintenance, Connection connection, Catalog catalog)
            throws SQLException {
        TargetCheck check = new TargetCheck(connection, catalog);
        check.server();
        check.notes(maintenance);
    }

    private static TidemarkException unreadable(Database target, SQLException e) {
        return TidemarkException.failed(
                "cannot look at %s: %s".formatted(target, SqlStates.reason(e)),
                "Look into the server's log.",
                e);
    }

    private List<String> notes(Database target) {
        if (problems.isEmpty()) {
            return List.copyOf(notes);
        }
        Set<String> hints = new LinkedHashSet<>();
        problems.forEach(problem -> hints.add(problem.hint()));
        throw TidemarkException.refused(
                problems.stream()
                        .map(Problem::message)
                        .collect(
                                Collectors.joining(
                                        "; ", target + " cannot take the restore: ", "")),
                String.join(" ", hints));
    }

    private void server() throws SQLException {
        int ours = text("SHOW server_version_num").map(Integer::parseInt).orElseThrow();
        int major = ours / VERSIONS_PER_MAJOR;
        int sourceMajor = source.version() / VERSIONS_PER_MAJOR;
        int least = Math.max(MAJOR_MIN, sourceMajor);
        if (major < least) {
            problem(
                    "the server is PostgreSQL %d, and the source was %d"
                            .formatted(major, sourceMajor),
                    "Restore into a server of version " + least + " or later.");
        } else if (major > sourceMajor) {
            notes.add(
                    "the server is PostgreSQL %d, and the source was %d"
                            .formatted(major, sourceMajor));
        }
        extensions();
    }

    private void extensions() throws SQLException {
        for (Map.Entry<String, String> extension : source.extensions().entrySet()) {
            Optional<String> version =
                    text(
                            "SELECT default_version FROM pg_available_extensions WHERE name = "
                                    + Quoted.text(extension.getKey()));
            if (version.isEmpty()) {
                problem(
                        "the extension " + extension.getKey() + " is not available",
                        "Install the extension's package on the server.");
            } else if (!version.get().equals(extension.getValue())) {
                notes.add(
                        "the extension %s has version %s here, and the source had %s"
                                .formatted(
                                        extension.getKey(), version.get(), extension.getValue()));
            }
        }
    }

    private void encoding() throws SQLException {
        String ours = text("SHOW server_encoding").orElseThrow();
        if (!ours.equals(source.encoding())) {
            problem(
                    "its encoding is %s, and the source's was %s"
                            .formatted(ours, source.encoding()),
                    "Create it with TEMPLATE template0 ENCODING '%s', or let --replace --confirm do that."
                            .formatted(source.encoding()));
        }
    }

    private void empty() throws SQLException {
        List<String> there = texts(CONTENTS);
        if (!there.isEmpty()) {
            List<String> named = there.subList(0, Math.min(NAMES_MAX, there.size()));
            String more =
                    there.size() > NAMES_MAX ? " and " + (there.size() - NAMES_MAX) + " more" : "";
            problem(
                    "it is not empty, but holds " + String.join(", ", named) + more,
                    "Choose an empty database, or drop this one's contents with --replace --confirm.");
        }
    }

    private void rights() throws SQLException {
        String hint = "Let the database's owner or a superuser restore, or grant the right.";
        if (!isTrue("SELECT has_database_privilege(current_database(), 'CREATE')")) {
            problem("the user may not create schemas in it", hint);
        }
        boolean fillsPublic =
                catalog.tables().stream().anyMatch(table -> table.schema().equals("public"));
        if (fillsPublic
                && !isTrue(
                        "SELECT coalesce(has_schema_privilege(to_regnamespace('public')::oid,"
                                + " 'CREATE'), true)")) {
            problem("the user may not create tables in its schema public", hint);
        }
    }

    private void locale() throws SQLException {
        String query =
                "SELECT to_jsonb(d) ->> '%s' FROM pg_database d WHERE datname = current_database()";
        String collation = text(query.formatted("datcollate")).orElse("");
        String ctype = text(query.formatted("datctype")).orElse("");
        noteOther("lc_collate", collation, source.collation());
        noteOther("lc_ctype", ctype, source.ctype());
        String provider = text(query.formatted("datlocprovider")).orElse("c");
        noteOther("locale provider", provider, source.localeProvider());
        Optional<String> version = text(query.formatted("datcollversion"));
        if (version.isPresent()
                && source.collationVersion().isPresent()
                && !version.equals(source.collationVersion())) {
            noteOther("collation version", version.get(), source.collationVersion().get());
        }
    }

    private void noteOther(String what, String ours, String theirs) {
        if (!normal(ours).equals(normal(theirs))) {
            notes.add(
                    "the database's %s is %s, and the source's was %s: text may sort in another order"
                            .formatted(what, ours, theirs));
        }
    }

    /** {@code en_US.utf8} and {@code en_US.UTF-8} are one locale. */
    private static String normal(String locale) {
        return locale.toLowerCase(Locale.ROOT).replace("utf-8", "utf8");
    }

    private void problem(String message, String hint) {
        problems.add(new Problem(message, hint));
    }

    private boolean isTrue(String query) throws SQLException {
        return text(query).orElseThrow().equals("t");
    }

    private Optional<String> text(String query) throws SQLException {
        return texts(query).stream().findFirst();
    }

    private List<String> texts(String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                String text = rows.getString(1);
                if (Objects.nonNull(text)) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }
}
