package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
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
 * Makes the database that a restore fills. The caller sees to it that it is not the source, and
 * that the user wants it.
 */
public final class TargetDatabase {
    private static final String MAINTENANCE = "postgres"; // exists wherever initdb was run
    private static final int PROVIDER_MAJOR_MIN = 15; // the first that can be told
    private static final String DATABASE_IN_USE = "55006";

    /** A session that was closed is gone a moment later: looked for ten times, 0.1 s apart. */
    private static final int LOOKS_MAX = 10;

    private static final int NAME_BYTES_MAX = 63; // NAMEDATALEN - 1, as all servers are built

    /** Made by {@link #create}, which nobody does by hand: no one was ever in it. */
    private static final String IS_FRESH =
            "SELECT NOT datallowconn AND datconnlimit = 0 FROM pg_database WHERE datname = ?";

    private static final String COMMENT =
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = ?";

    private static final String HINT =
            "The database is as it was. The user needs the right CREATEDB, and must own the database; its"
                    + " locale must exist on the server. A database that you create yourself can be restored"
                    + " into without --replace.";

    private static final String HINT_UNKNOWN =
            "The database is as it was, or already replaced by an empty one. When the server is up again, run"
                    + " the same command once more.";

    private final Database target;
    private final Connection connection;
    private final String name;
    private final String fresh;
    private final String old;

    private TargetDatabase(Database target, Connection connection) {
        this.target = target;
        this.connection = connection;
        this.name = target.url().database();
        this.fresh = derived(name, "_tidemark_new");
        this.old = derived(name, "_tidemark_old");
    }

    /**
     * Replaces a database by an empty one with the same owner and the source's encoding and locale,
     * or creates it. The new one is made under another name, then takes the old one's name in one
     * transaction, and then the old one is dropped: a failure, and even a kill, leaves a database
     * of that name. What a killed run left under the two other names is dropped by the next one.
     *
     * @throws TidemarkException (refused) when others are connected, or the server cannot take the
     *     restore
     */
    public static void recreate(Database target, Catalog catalog) {
        if (target.url().database().equals(MAINTENANCE)) {
            throw TidemarkException.refused(
                    "the database postgres is never replaced",
                    "Other programs and Tidemark itself connect to it. Choose a database of another name.");
        }
        Database maintenance = maintenance(target);
        try (Connection connection = maintenance.connect()) {
            TargetCheck.ofServer(maintenance, connection, catalog);
            new TargetDatabase(target, connection).recreate(catalog.server());
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot replace %s: %s".formatted(target, SqlStates.reason(e)),
                    SqlStates.isDeclined(e) ? HINT : HINT_UNKNOWN,
                    e);
        }
    }

    /**
     * Another database of the same server, which is not in the way of what is done to the target.
     */
    public static Database maintenance(Database target) {
        return new Database(
                target.role(), target.url().withDatabase(MAINTENANCE), target.password());
    }

    private void recreate(ServerSettings source) throws SQLException {
        refuseOtherSessions();
        refuseWhatCannotBeDropped();
        dropLeftOvers();
        boolean isThere = isThere(name);
        Sessions.execute(connection, create(owner(), source));
        try {
            swap(isThere);
        } catch (SQLException e) {
            dropFresh(e);
            if (SqlStates.is(e, DATABASE_IN_USE)) {
                refuseOtherSessions();
            }
            throw e;
        }
        if (isThere) {
            dropOld();
        }
    }

    /** A rename would go well, and then the database could not be dropped. */
    private void refuseWhatCannotBeDropped() throws SQLException {
        if (isTrue("SELECT datistemplate FROM pg_database WHERE datname = ?", name)) {
            throw TidemarkException.refused(
                    "cannot replace %s: it is a template database".formatted(target),
                    "Run ALTER DATABASE %s IS_TEMPLATE false if it may be dropped."
                            .formatted(Quoted.name(name)));
        }
        if (isTrue(
                "SELECT true FROM pg_subscription JOIN pg_database d ON d.oid = subdbid"
                        + " WHERE datname = ? LIMIT 1",
                name)) {
            throw TidemarkException.refused(
                    "cannot replace %s: it has subscriptions".formatted(target),
                    "Drop them with DROP SUBSCRIPTION if the database may be dropped.");
        }
    }

    /** What a run that was killed left; both names are looked at before one is dropped. */
    private void dropLeftOvers() throws SQLException {
        boolean isFreshThere = isThere(fresh);
        if (isFreshThere && !isTrue(IS_FRESH, fresh)) {
            throw foreign(fresh);
        }
        boolean isOldThere = isThere(old);
        if (isOldThere && !texts(COMMENT, old).contains(mark())) {
            throw foreign(old);
        }
        if (isFreshThere) {
            drop(fresh);
        }
        if (isOldThere) {
            drop(old);
        }
    }

    private TidemarkException foreign(String database) {
        return TidemarkException.refused(
                "cannot replace %s: the database %s is in the way, and a restore did not make it"
                        .formatted(target, database),
                "Rename or drop it: the restore needs the name for a moment.");
    }

    /** All or nothing, also when this program is killed: at each moment the name has a database. */
    private void swap(boolean isThere) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (isThere) {
                Sessions.execute(connection, rename(name, old));
                Sessions.execute(connection, alter(old, "ALLOW_CONNECTIONS false"));
                Sessions.execute(
                        connection,
                        "COMMENT ON DATABASE %s IS %s"
                                .formatted(Quoted.name(old), Quoted.text(mark())));
            }
            Sessions.execute(
                    connection, alter(fresh, "ALLOW_CONNECTIONS true CONNECTION LIMIT -1"));
            Sessions.execute(connection, rename(fresh, name));
            connection.commit();
        } catch (SQLException e) {
            try {
                connection.rollback();
            } catch (SQLException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
        connection.setAutoCommit(true);
    }

    private void dropFresh(SQLException cause) {
        try {
            connection.setAutoCommit(true);
            drop(fresh);
        } catch (SQLException e) {
            cause.addSuppressed(e); // the next run drops it
        }
    }

    private void dropOld() {
        try {
            drop(old);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "replaced %s by an empty database, but cannot drop the old one, which is now %s: %s"
                            .formatted(target, old, SqlStates.reason(e)),
                    "Run DROP DATABASE %s, then restore without --replace."
                            .formatted(Quoted.name(old)),
                    e);
        }
    }

    private void drop(String database) throws SQLException {
        Sessions.execute(connection, "DROP DATABASE IF EXISTS " + Quoted.name(database));
    }

    private static String rename(String from, String to) {
        return "ALTER DATABASE %s RENAME TO %s".formatted(Quoted.name(from), Quoted.name(to));
    }

    private static String alter(String database, String options) {
        return "ALTER DATABASE %s %s".formatted(Quoted.name(database), options);
    }

    /** The comment of the old database; with the name, since two long ones may be cut to one. */
    private String mark() {
        return "replaced by tidemark restore, to be dropped: " + name;
    }

    /** As long as PostgreSQL lets a name be; it would cut off the end, which matters here. */
    private static String derived(String name, String end) {
        String start = name;
        while ((start + end).getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start + end;
    }

    private boolean isThere(String database) throws SQLException {
        return isTrue("SELECT true FROM pg_database WHERE datname = ?", database);
    }

    private boolean isTrue(String query, String parameter) throws SQLException {
        return texts(query, parameter).contains("t");
    }

    private Optional<String> owner() throws SQLException {
        return texts(
                        "SELECT rolname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
                                + " WHERE datname = ?",
                        name)
                .stream()
                .findFirst();
    }

    private void refuseOtherSessions() throws SQLException {
        List<String> sessions = otherSessions();
        for (int look = 1; look < LOOKS_MAX && !sessions.isEmpty(); look++) {
            Sessions.execute(connection, "SELECT pg_sleep(0.1)");
            sessions = otherSessions();
        }
        if (!sessions.isEmpty()) {
            throw TidemarkException.refused(
                    "%s is in use by other sessions: %s"
                            .formatted(target, String.join(", ", sessions)),
                    "Close them, or end them with pg_terminate_backend(pid). Nothing was changed.");
        }
    }

    private List<String> otherSessions() throws SQLException {
        return texts(
                """
                SELECT format('%s of %s (%s)', pid, coalesce(usename, '-'),
                              coalesce(nullif(application_name, ''), backend_type))
                  FROM pg_stat_activity WHERE datname = ? ORDER BY pid
                """,
                name);
    }

    /** Nobody can connect to what it makes, which therefore can be dropped at any time. */
    private String create(Optional<String> owner, ServerSettings source) throws SQLException {
        StringBuilder text = new StringBuilder("CREATE DATABASE ").append(Quoted.name(fresh));
        owner.ifPresent(role -> text.append(" OWNER ").append(Quoted.name(role)));
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
        return text.append(" ALLOW_CONNECTIONS false CONNECTION LIMIT 0").toString();
    }

    private List<String> texts(String query, String parameter) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    texts.add(rows.getString(1));
                }
            }
        }
        return texts;
    }
}
