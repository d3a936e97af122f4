package dev.tidemark.schemas.database;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.TextForm;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * A database that can be reached.
 *
 * @param role what it is to Tidemark, for messages: {@code source}, {@code admin} (the source, as
 *     who may prepare it) or {@code target}
 * @param password none where the server, ~/.pgpass or a certificate decides
 */
public record Database(String role, DatabaseUrl url, Optional<String> password) {
    private static final String CONNECT_SECONDS_MAX =
            "10"; // an answer that takes longer is an outage to the caller

    /** Statements that take milliseconds; a server that is busy is given a thousand times that. */
    public static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    /** A session in which values have {@link TextForm}; auto-commit is on. */
    public Connection connect() {
        return connect(Duration.ZERO);
    }

    /**
     * The same for statements that are answered at once: without an answer within {@link
     * #ANSWER_MAX} the session is given up, so that a network that is gone shows.
     */
    public Connection connectForQuestions() {
        return connect(ANSWER_MAX);
    }

    /**
     * A session that speaks the replication protocol beside simple queries.
     *
     * @param answerMax how long an answer may take; zero: for ever
     */
    public Connection connectForReplication(Duration answerMax) {
        Properties properties = properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("assumeMinServerVersion", "14");
        try {
            Connection connection = DriverManager.getConnection(url.jdbc(), properties);
            limit(connection, answerMax);
            return connection;
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private Connection connect(Duration answerMax) {
        try {
            Connection connection = DriverManager.getConnection(url.jdbc(), properties());
            try (Statement statement = connection.createStatement()) {
                statement.execute(TextForm.sql());
                limit(connection, answerMax);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return connection;
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private static void limit(Connection connection, Duration answerMax) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, Math.toIntExact(answerMax.toMillis()));
    }

    @Override
    public String toString() {
        return role + " " + url;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("user", url.user());
        properties.setProperty("ApplicationName", "tidemark");
        properties.setProperty("connectTimeout", CONNECT_SECONDS_MAX);
        properties.setProperty("tcpKeepAlive", "true");
        url.options().forEach(properties::setProperty);
        // Until a session is there, each answer has to come as quickly as the connection.
        properties.setProperty("socketTimeout", properties.getProperty("connectTimeout"));
        password.ifPresent(secret -> properties.setProperty("password", secret));
        return properties;
    }

    private TidemarkException unreachable(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String what = "cannot connect to the " + role + " " + url + ": " + firstLine(e);
        return switch (state) {
            case "28P01", "28000", "08004" ->
                    TidemarkException.refused(
                            what,
                            "Check the user, its password (%s or ~/.pgpass) and the server's pg_hba.conf."
                                    .formatted(passwordPlaces()),
                            e);
            case "3D000" ->
                    TidemarkException.refused(what, "Check the database's name in the URL.", e);
            case "53300" ->
                    TidemarkException.failed(
                            what, "Raise max_connections, or close other sessions.", e);
            default ->
                    TidemarkException.failed(
                            what,
                            "Check host and port, and that the server is up and can be reached.",
                            e);
        };
    }

    /** Where its password may come from, besides ~/.pgpass; see docs/configuration.md. */
    private String passwordPlaces() {
        return switch (role) {
            case "source" -> "TIDEMARK_SOURCE_PASSWORD, source.password-file";
            case "admin" -> "TIDEMARK_ADMIN_PASSWORD, source.admin-password-file";
            default -> "TIDEMARK_TARGET_PASSWORD";
        };
    }

    private static String firstLine(SQLException e) {
        return e.getMessage() == null
                ? "no reason given"
                : e.getMessage().lines().findFirst().orElse("").strip();
    }
}
