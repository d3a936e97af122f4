package dev.tidemark.replay.script;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A file of SQL that runs as a whole or not at all.
 *
 * @param name of the file, for messages
 */
public record UserScript(String name, List<Statement> statements) {
    private static final long BYTES_MAX = 16 * 1024 * 1024; // a script is read by people
    private static final int TEXT_MAX = 80; // enough to tell which statement it was
    private static final Set<String> TRANSACTIONS =
            Set.of("begin", "start", "commit", "end", "rollback", "abort");

    private static final Pattern PREPARED = Pattern.compile("(?i)prepare\\s+transaction\\b");

    /** What the user's statements would not expect, and what must not cut them off. */
    private static final String SETTINGS =
            " FROM pg_catalog.pg_settings WHERE source = 'session' AND context IN ('user', 'superuser')"
                    + " AND name !~ '_timeout$|^default_transaction|^transaction_'";

    /**
     * One of its statements.
     *
     * @param line where it begins, from 1
     */
    public record Statement(int line, String text) {
        String shortened() {
            String first = text.lines().findFirst().orElse("");
            return first.length() > TEXT_MAX ? first.substring(0, TEXT_MAX) + "…" : first;
        }
    }

    public UserScript {
        statements = List.copyOf(statements);
    }

    /**
     * Reads one.
     *
     * @throws TidemarkException (usage) when it cannot be read or holds what is no SQL
     */
    public static UserScript read(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw TidemarkException.usage(
                        "the script %s has more than %d bytes".formatted(file, BYTES_MAX),
                        "Load data with psql when the restore is done.");
            }
            return parse(name, Files.readString(file));
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read the script %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Check that it exists, is text in UTF-8, and that you may read it.");
        }
    }

    /** The same from its text. */
    static UserScript parse(String name, String text) {
        List<Statement> statements = new StatementScanner(name, text).statements();
        for (Statement statement : statements) {
            String first = statement.text().split("[^A-Za-z]", 2)[0].toLowerCase(Locale.ROOT);
            if (TRANSACTIONS.contains(first) || PREPARED.matcher(statement.text()).lookingAt()) {
                throw TidemarkException.usage(
                        "the script %s has '%s' in line %d"
                                .formatted(name, statement.shortened(), statement.line()),
                        "A script is one transaction already, so that it runs as a whole or not at all. Take the"
                                + " statement out.");
            }
        }
        return new UserScript(name, statements);
    }

    /**
     * Runs all of it in one transaction, with the settings that a new session has.
     *
     * @param connection outside of a transaction, with settings of its own, which it has again
     *     afterwards
     * @throws TidemarkException (failed) with the statement and its line, and nothing done
     */
    public void run(Connection connection) throws SQLException {
        Map<String, String> settings = settings(connection);
        connection.setAutoCommit(false);
        execute(connection, "SELECT pg_catalog.set_config(name, reset_val, true)" + SETTINGS);
        for (Statement statement : statements) {
            try {
                execute(connection, statement.text());
            } catch (SQLException e) {
                throw failed(statement, e);
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
        execute(connection, "DISCARD ALL");
        settings.forEach((setting, value) -> set(connection, setting, value));
    }

    private static Map<String, String> settings(Connection connection) throws SQLException {
        Map<String, String> settings = new TreeMap<>();
        String query = "SELECT name, setting FROM pg_catalog.pg_settings WHERE source = 'session'";
        try (java.sql.Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                settings.put(rows.getString(1), rows.getString(2));
            }
        }
        return settings;
    }

    private static void set(Connection connection, String setting, String value) {
        try (PreparedStatement set =
                connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, false)")) {
            set.setString(1, setting);
            set.setString(2, value);
            set.execute();
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot set %s again after a script: %s"
                            .formatted(setting, TidemarkException.reason(e)),
                    "Check what the script did to the role of the restore.",
                    e);
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (java.sql.Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
        }
    }

    private TidemarkException failed(Statement statement, SQLException e) {
        int line = statement.line();
        String reason = TidemarkException.reason(e).lines().findFirst().orElse("no reason given");
        if (e instanceof PSQLException known && known.getServerErrorMessage() != null) {
            ServerErrorMessage message = known.getServerErrorMessage();
            reason = String.valueOf(message.getMessage());
            line += lineBreaks(statement.text(), message.getPosition());
        }
        return TidemarkException.failed(
                "line %d: %s: %s".formatted(line, statement.shortened(), reason),
                "Nothing of the script %s was done. Correct it.".formatted(name));
    }

    /**
     * Before a place.
     *
     * @param position in characters from 1, as PostgreSQL counts them; 0 when it says none
     */
    private static int lineBreaks(String text, int position) {
        int characters = Math.min(position, text.codePointCount(0, text.length()));
        String before = text.substring(0, text.offsetByCodePoints(0, Math.max(0, characters - 1)));
        return (int) before.chars().filter(each -> each == '\n').count();
    }
}
