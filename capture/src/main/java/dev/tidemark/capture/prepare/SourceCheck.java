package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for all that stands in the way of an exact restore from a source, and reports it at once.
 * Changes nothing.
 */
public final class SourceCheck {
    private static final int VERSION_END = 190_000;

    /** Names listed in one message; the rest is counted. */
    private static final int NAMES_MAX = 5;

    /** Tables that are, or will be, published. */
    private static final String PUBLISHED =
            "c.relkind = 'r' AND c.relpersistence = 'p' AND c.oid >= 16384"
                    + " AND n.nspname !~ '^(pg_|tidemark(_restore)?$)'";

    /** What a dump of the database would have, and the archive has not. */
    private static final String NOT_HELD =
            """
            SELECT 'subscription ' || s.subname FROM pg_subscription s
             WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            ORDER BY 1""";

    private final Connection connection;
    private final List<Problem> problems = new ArrayList<>();

    private interface Questions {
        void ask(SourceCheck check) throws SQLException;
    }

    private SourceCheck(Connection connection) {
        this.connection = connection;
    }

    /** What stands in the way of preparing a source that event triggers tell of. */
    public static List<Problem> beforeInit(Database admin) {
        return beforeInit(admin, triggers(SourceNames.of("any")));
    }

    private static PreparationSettings triggers(SourceNames names) {
        return new PreparationSettings(names, "", 0, SchemaChanges.TRIGGERS);
    }

    /** What stands in the way of preparing a source. */
    public static List<Problem> beforeInit(Database admin, PreparationSettings settings) {
        return check(
                admin,
                check -> {
                    check.rights(admin, settings);
                    check.freeSlots();
                    check.identitiesThatCannotBeGiven();
                    check.leftOut();
                });
    }

    /**
     * What stands in the way of preparing a source anew whose archive has a base: also a slot or a
     * publication that let changes pass, since mending it would hide the gap.
     */
    public static List<Problem> beforeInitAnew(Database admin, PreparationSettings settings) {
        return check(
                admin,
                check -> {
                    check.rights(admin, settings);
                    check.identitiesThatCannotBeGiven();
                    check.leftOut();
                    check.problems.addAll(
                            new PreparedCheck(
                                            check.connection,
                                            settings.names(),
                                            settings.schemaChanges())
                                    .gaps());
                });
    }

    /**
     * What stands in the way of a new base where changes cannot go on: slot and publication are
     * made anew.
     */
    public static List<Problem> beforeBase(Database admin, PreparationSettings settings) {
        return check(
                admin,
                check -> {
                    check.rights(admin, settings);
                    check.identitiesThatCannotBeGiven();
                    check.leftOut();
                });
    }

    /** What is wrong with a source that was prepared, and that event triggers tell of. */
    public static List<Problem> prepared(Database source, SourceNames names) {
        return prepared(source, triggers(names));
    }

    /** What is wrong with a source that was prepared; the capture role's rights are enough. */
    public static List<Problem> prepared(Database source, PreparationSettings settings) {
        return check(
                source,
                check -> {
                    check.identities();
                    check.leftOut();
                    check.problems.addAll(
                            new PreparedCheck(
                                            check.connection,
                                            settings.names(),
                                            settings.schemaChanges())
                                    .run());
                });
    }

    private static List<Problem> check(Database database, Questions questions) {
        try (Connection connection = database.connectForQuestions()) {
            SourceCheck check = new SourceCheck(connection);
            if (check.server()) {
                questions.ask(check);
            }
            return List.copyOf(check.problems);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot check the", database, e);
        }
    }

    /** Is it a server that the other questions can be asked of? */
    private boolean server() throws SQLException {
        String version = setting("server_version");
        if (Integer.parseInt(setting("server_version_num")) >= VERSION_END) {
            error(
                    "the server is PostgreSQL " + version + ", newer than 18",
                    "A backup could lack what is new in it: use a version of Tidemark that knows it.");
            return false;
        }
        if (text("SELECT pg_is_in_recovery()").equals("t")) {
            error(
                    "the server is a standby",
                    "Name the primary in source.url: only there triggers and publications can be made.");
        }
        if (!setting("wal_level").equals("logical")) {
            error(
                    "wal_level is " + setting("wal_level") + ", not logical",
                    "Set wal_level = logical in postgresql.conf and restart the server.");
        }
        if (!setting("server_encoding").equals("UTF8")) {
            error(
                    "the database's encoding is " + setting("server_encoding") + ", not UTF8",
                    "Only databases in UTF8 are supported: move the data into one.");
        }
        if (!setting("max_slot_wal_keep_size").equals("-1")) {
            warn(
                    "max_slot_wal_keep_size is %s: the server may drop changes before they are captured"
                            .formatted(setting("max_slot_wal_keep_size")),
                    "Set it to -1, or large enough for the longest time that capture may be down.");
        }
        String idle =
                text(
                        "SELECT coalesce(current_setting('idle_replication_slot_timeout', true), '0')");
        if (!idle.equals("0")) { // from PostgreSQL 18 on
            warn(
                    "idle_replication_slot_timeout is %s: the server gives up a slot that nobody reads for so long"
                            .formatted(idle),
                    "Set it to 0, or to more than the longest time that capture may be down.");
        }
        return true;
    }

    private void rights(Database admin, PreparationSettings settings) throws SQLException {
        if (settings.isPolling()) {
            problems.addAll(new PollingCheck(connection, admin.url().user()).beforeInit(settings));
        } else {
            superuser(admin);
        }
    }

    private void superuser(Database admin) throws SQLException {
        if (!setting("is_superuser").equals("on")) {
            error(
                    "the role " + admin.url().user() + " is not a superuser",
                    Preparation.SUPERUSER_HINT);
        }
    }

    private void freeSlots() throws SQLException {
        SlotCounts counts = SlotCounts.read(connection);
        if (counts.slots() >= counts.slotsMax()) {
            error(
                    "no replication slot is free: %d of %d are in use"
                            .formatted(counts.slots(), counts.slotsMax()),
                    "Drop slots that nobody uses, or raise max_replication_slots and restart the server.");
        }
        if (counts.senders() >= counts.sendersMax()) {
            error(
                    "no WAL sender is free: %d of %d are in use"
                            .formatted(counts.senders(), counts.sendersMax()),
                    "Raise max_wal_senders and restart the server.");
        }
    }

    /** From PostgreSQL 18 on, FULL is no way out for a table with generated columns. */
    private void identitiesThatCannotBeGiven() throws SQLException {
        String hasGenerated =
                "EXISTS (SELECT FROM pg_attribute g WHERE g.attrelid = c.oid AND g.attgenerated <> ''"
                        + " AND NOT g.attisdropped)";
        unusable(
                "('generated', CASE WHEN current_setting('server_version_num')::int >= 180000 AND "
                        + hasGenerated
                        + " THEN 'none' END)",
                "UPDATE and DELETE would fail once it is published");
    }

    private void identities() throws SQLException {
        unusable("('generated', 'none')", "UPDATE and DELETE fail");
    }

    private void unusable(String states, String consequence) throws SQLException {
        List<String> tables =
                tables(PUBLISHED + " AND " + PreparationSql.identityState("c") + " IN " + states);
        if (!tables.isEmpty()) {
            error(
                    "no usable replica identity, so that %s: %s"
                            .formatted(consequence, listed(tables)),
                    "Give each of these tables a primary key or a unique index (NOT NULL, not deferrable, without"
                            + " generated columns) and name that with ALTER TABLE … REPLICA IDENTITY USING INDEX.");
        }
    }

    private void leftOut() throws SQLException {
        List<String> unlogged =
                tables(
                        "c.relkind = 'r' AND c.relpersistence = 'u' AND n.nspname !~ '^(pg_|tidemark(_restore)?$)'");
        if (!unlogged.isEmpty()) {
            warn(
                    "rows of unlogged tables are not captured: " + listed(unlogged),
                    "They are restored empty. To capture them: ALTER TABLE … SET LOGGED.");
        }
        String objects = text("SELECT count(*) FROM pg_largeobject_metadata");
        if (!objects.equals("0")) {
            warn(
                    "large objects are not captured: the database has " + objects,
                    "Keep such data in columns of type bytea.");
        }
        List<String> others = column(NOT_HELD);
        if (!others.isEmpty()) {
            warn(
                    "not captured, and so not restored: " + listed(others),
                    "They reach beyond the database, hold passwords, or no statement of SQL tells them: make them anew"
                            + " after a restore. docs/fidelity.md lists all that is not held.");
        }
    }

    private List<String> tables(String condition) throws SQLException {
        return column(
                "SELECT n.nspname || '.' || c.relname FROM pg_class c"
                        + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE "
                        + condition
                        + " ORDER BY 1");
    }

    private List<String> column(String query) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    static String listed(List<String> names) {
        if (names.size() <= NAMES_MAX) {
            return String.join(", ", names);
        }
        return "%s and %d more"
                .formatted(
                        String.join(", ", names.subList(0, NAMES_MAX)), names.size() - NAMES_MAX);
    }

    private String setting(String name) throws SQLException {
        return text("SELECT current_setting('" + name + "')");
    }

    private String text(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private void error(String what, String hint) {
        problems.add(Problem.error(what, hint));
    }

    private void warn(String what, String hint) {
        problems.add(Problem.warning(what, hint));
    }
}
