package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

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

    private final Database target;
    private final Connection connection;
    private final String name;

    private TargetDatabase(Database target, Connection connection) {
        this.target = target;
        this.connection = connection;
        this.name = target.url().database();
    }

    /**
     * Replaces a database by an empty one with the same owner and the source's encoding and locale,
     * or creates it. The new one is made before the old one is dropped, so a failure leaves the
     * old.
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
        Database maintenance =
                new Database(
                        target.role(), target.url().withDatabase(MAINTENANCE), target.password());
        try (Connection connection = maintenance.connect()) {
            TargetCheck.ofServer(maintenance, connection, catalog);
            new TargetDatabase(target, connection).recreate(catalog.server());
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot replace %s: %s".formatted(target, SqlStates.reason(e)),
                    "The database is as it was. The user needs the right CREATEDB, and must own the database; its"
                            + " locale must exist on the server. A database that you create yourself can be restored"
                            + " into without --replace.",
                    e);
        }
    }

    private void recreate(ServerSettings source) throws SQLException {
        refuseOtherSessions();
        Optional<String> owner =
                texts(
                                "SELECT rolname FROM pg_database JOIN pg_roles r ON r.oid = datdba"
                                        + " WHERE datname = ?",
                                name)
                        .stream()
                        .findFirst();
        String fresh = "tidemark_" + UUID.randomUUID();
        Sessions.execute(connection, create(fresh, owner, source));
        try {
            Sessions.execute(connection, "DROP DATABASE IF EXISTS " + Quoted.name(name));
        } catch (SQLException e) {
            Sessions.execute(connection, "DROP DATABASE IF EXISTS " + Quoted.name(fresh));
            if (SqlStates.is(e, DATABASE_IN_USE)) {
                refuseOtherSessions();
            }
            throw e;
        }
        rename(fresh);
    }

    private void rename(String fresh) {
        String statement =
                "ALTER DATABASE %s RENAME TO %s".formatted(Quoted.name(fresh), Quoted.name(name));
        try {
            Sessions.execute(connection, statement);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "dropped %s, but cannot give the empty database that replaces it its name: %s"
                            .formatted(target, SqlStates.reason(e)),
                    "Run " + statement + ", then restore without --replace.",
                    e);
        }
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

    private String create(String fresh, Optional<String> owner, ServerSettings source)
            throws SQLException {
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
        return text.toString();
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
