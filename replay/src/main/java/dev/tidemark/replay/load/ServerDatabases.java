package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.database.Database;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The databases of a server, through a session of one that stays as it is. A target's place can be
 * taken by another database, whose name while it is made is the target's with an end; the one that
 * was there then has the name with another end. For one thread.
 */
final class ServerDatabases {
    private static final String MAINTENANCE = "postgres"; // exists wherever initdb was run
    private static final int PROVIDER_MAJOR_MIN = 15; // the first that can be told
    private static final int NAME_BYTES_MAX = 63; // NAMEDATALEN - 1, as all servers are built

    /** Made by {@link #create}, which nobody does by hand: no one was ever in it. */
    private static final String IS_FRESH =
            "SELECT NOT datallowconn AND datconnlimit = 0 FROM pg_database WHERE datname = ?";

    private static final String COMMENT =
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = ?";

    /**
     * One of pg_stat_activity. What belongs to no user, as autovacuum, is the server's own, and
     * makes way; of others' sessions some users do not see what kind they are.
     */
    static final String SESSION =
            "format('%s of %s (%s)', pid, coalesce(usename, '-'),"
                    + " coalesce(nullif(application_name, ''), backend_type, '-'))";

    private final Connection connection;

    ServerDatabases(Connection connection) {
        this.connection = connection;
    }

    /**
     * Another database of the same server, which is not in the way of what is done to the target.
     *
     * @throws TidemarkException (refused) when the target is that database
     */
    static Database maintenance(Database target) {
        if (target.url().database().equals(MAINTENANCE)) {
            throw TidemarkException.refused(
                    "the database postgres is never replaced",
                    "Other programs and Tidemark itself connect to it. Choose a database of another name.");
        }
        return named(target, MAINTENANCE);
    }

    /** Another database of a database's server, for the same user. */
    static Database named(Database database, String name) {
        return new Database(
                database.role(), database.url().withDatabase(name), database.password());
    }

    /** What the next one of that name is called before it has the name. */
    static String fresh(String name) {
        return derived(name, "_tidemark_new");
    }

    /** What the last one of that name is called after another took it. */
    static String old(String name) {
        return derived(name, "_tidemark_old");
    }

    /** As long as PostgreSQL lets a name be; it would cut off the end, which matters here. */
    private static String derived(String name, String end) {
        String start = name;
        while ((start + end).getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start + end;
    }

    boolean isThere(String database) throws SQLException {
        return isTrue("SELECT true FROM pg_database WHERE datname = ?", database);
    }

    /** Was it made by {@link #create}, and nothing done with it since? */
    boolean isFresh(String database) throws SQLException {
        return isTrue(IS_FRESH, database);
    }

    /** Has the database, if it is there, this comment? */
    boolean isMarked(String database, String mark) throws SQLException {
        return texts(COMMENT, database).contains(mark);
    }

    /** Empty where it has none, or is not there. */
    String comment(String database) throws SQLException {
        return String.join("", texts(COMMENT, database));
    }

    /**
     * What somebody said of it, for the one that takes its place: a drill's mark is of it alone.
     */
    String commentToKeep(String database) throws SQLException {
        String comment = comment(database);
        return DrillMark.isOne(comment) ? "" : comment;
    }

    /** Its number, which no other database of the server has or gets; empty if it is not there. */
    String oid(String database) throws SQLException {
        return String.join(
                "", texts("SELECT oid::text FROM pg_database WHERE datname = ?", database));
    }

    /** Did a drill make it? */
    boolean isOfDrill(String database) throws SQLException {
        return isMarked(database, DrillMark.of(database, oid(database)));
    }

    /** Sessions of a database that are not ours to wait for, each as {@code 4711 of app (crm)}. */
    List<String> sessions(String database) throws SQLException {
        return texts(
                "SELECT "
                        + SESSION
                        + " FROM pg_stat_activity WHERE datname = ? AND pid <> pg_backend_pid()"
                        + " AND usesysid IS NOT NULL ORDER BY pid",
                database);
    }

    /** Transactions that wait for a second phase, and in the way as sessions are. */
    List<String> prepared(String database) throws SQLException {
        return texts(
                "SELECT format('prepared transaction %L of %s', gid, owner) FROM pg_prepared_xacts WHERE database = ?"
                        + " ORDER BY prepared, gid",
                database);
    }

    /** Logical replication slots, whosever they are. */
    List<String> slots(String database) throws SQLException {
        return texts(
                "SELECT 'replication slot ' || slot_name FROM pg_replication_slots WHERE database = ? ORDER BY 1",
                database);
    }

    /** Subscriptions, with which a database cannot be dropped. */
    List<String> subscriptions(String database) throws SQLException {
        return texts(
                "SELECT 'subscription ' || subname FROM pg_subscription JOIN pg_database d ON d.oid = subdbid"
                        + " WHERE datname = ? ORDER BY 1",
                database);
    }

    /**
     * @throws TidemarkException (refused) when transactions of a database are prepared
     */
    void refusePrepared(String database) throws SQLException {
        List<String> prepared = prepared(database);
        if (!prepared.isEmpty()) {
            throw TidemarkException.refused(
                    "%s is in use: %s".formatted(database, String.join(", ", prepared)),
                    "In that database run COMMIT PREPARED or ROLLBACK PREPARED for each, as its owner or a superuser."
                            + " Nothing was changed.");
        }
    }

    /**
     * @throws TidemarkException (refused) when a database cannot be dropped: a rename would go well
     */
    void refuseWhatCannotBeDropped(Database target) throws SQLException {
        refuseTemplate(target);
        if (!subscriptions(target.url().database()).isEmpty()) {
            throw TidemarkException.refused(
                    "cannot replace %s: it has subscriptions".formatted(target),
                    "Drop them with DROP SUBSCRIPTION if the database may be dropped.");
        }
    }

    /**
     * @throws TidemarkException (refused) when others are made from a database
     */
    void refuseTemplate(Database target) throws SQLException {
        String name = target.url().database();
        if (isTrue("SELECT datistemplate FROM pg_database WHERE datname = ?", name)) {
            throw TidemarkException.refused(
                    "cannot replace %s: it is a template database".formatted(target),
                    "Run ALTER DATABASE %s IS_TEMPLATE false if it may be dropped."
                            .formatted(Quoted.name(name)));
        }
    }

    /**
     * Makes a database as the source's was, of the same owner as another, if that is there. Nobody
     * can connect to it yet: it can be dropped at any time.
     */
    void create(String fresh, String sameOwner, ServerSettings source) throws SQLException {
        StringBuilder text = new StringBuilder("CREATE DATABASE ").append(Quoted.name(fresh));
        owner(sameOwner).ifPresent(role -> text.append(" OWNER ").append(Quoted.name(role)));
        text.append(" TEMPLATE template0 ENCODING ").append(Quoted.text(source.encoding()));
        text.append(" LC_COLLATE ").append(Quoted.text(source.collation()));
        text.append(" LC_CTYPE ").append(Quoted.text(source.ctype()));
        String locale = source.locale().map(Quoted::text).orElse("''");
        switch (source.localeProvider().toLowerCase(Locale.ROOT)) {
            case "i" -> text.append(" LOCALE_PROVIDER icu ICU_LOCALE ").append(locale);
            case "b" -> text.append(" LOCALE_PROVIDER builtin BUILTIN_LOCALE ").append(locale);
            default -> {
                if (connection.getMetaData().getDatabaseMajorVersion() >= PROVIDER_MAJOR_MIN) {
                    text.append(" LOCALE_PROVIDER libc");
                }
            }
        }
        execute(text.append(" ALLOW_CONNECTIONS false CONNECTION LIMIT 0").toString());
    }

    private Optional<String> owner(String name) throws SQLException {
        return texts(
                        "SELECT rolname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
                                + " WHERE datname = ?",
                        name)
                .stream()
                .findFirst();
    }

    void drop(String database) throws SQLException {
        execute("DROP DATABASE IF EXISTS " + Quoted.name(database));
    }

    static String rename(String from, String to) {
        return "ALTER DATABASE %s RENAME TO %s".formatted(Quoted.name(from), Quoted.name(to));
    }

    static String alter(String database, String options) {
        return "ALTER DATABASE %s %s".formatted(Quoted.name(database), options);
    }

    static String comment(String database, String text) {
        return "COMMENT ON DATABASE %s IS %s".formatted(Quoted.name(database), Quoted.text(text));
    }

    void execute(String statement) throws SQLException {
        Sessions.execute(connection, statement);
    }

    /** All or nothing, also when this program is killed. */
    void inOne(List<String> statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            for (String statement : statements) {
                execute(statement);
            }
            connection.commit();
        } catch (SQLException e) {
            try {
                connection.rollback();
                connection.setAutoCommit(true);
            } catch (SQLException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
        connection.setAutoCommit(true);
    }

    /** Does a statement of one transaction, and takes it back. */
    void tryOut(String statement) throws SQLException {
        connection.setAutoCommit(false);
        try {
            execute(statement);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private boolean isTrue(String query, String parameter) throws SQLException {
        return texts(query, parameter).contains("t");
    }

    /** The first column of what a query with one parameter gives. */
    List<String> texts(String query, String parameter) throws SQLException {
        return rows(query, parameter, 1).stream().map(List::getFirst).toList();
    }

    /** The first two columns. */
    List<List<String>> pairs(String query, String parameter) throws SQLException {
        return rows(query, parameter, 2);
    }

    private List<List<String>> rows(String query, String parameter, int columns)
            throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    List<String> texts = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        texts.add(row.getString(i));
                    }
                    rows.add(texts);
                }
            }
        }
        return rows;
    }
}
