package dev.tidemark.schemas.database;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.TextForm;
import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLException;

/**
 * A database that can be reached.
 *
 * @param role what it is to Tidemark, for messages
 * @param password none where the server, ~/.pgpass or a certificate decides
 */
public record Database(Role role, DatabaseUrl url, Optional<String> password) {
    private static final String CONNECT_SECONDS_MAX =
            "10"; // an answer that takes longer is an outage to the caller

    /** A source may wait for its capture at each commit, and one of ours must not wait for it. */
    private static final String NOT_WAITING = "SET synchronous_commit = local";

    /** The oldest that its makers still kept when Tidemark began. */
    private static final int MAJOR_VERSION_MIN = 14;

    /** Statements that take milliseconds; a server that is busy is given a thousand times that. */
    public static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    /** What the sessions of a capture are called, but for its stream, which has its slot's name. */
    public static final String CAPTURE_APPLICATION = "tidemark capture";

    private static final String SOURCE_PASSWORDS =
            "TIDEMARK_SOURCE_PASSWORD, source.password-file or ~/.pgpass";

    /** What a database is to Tidemark, and where its password may come from. */
    public enum Role {
        SOURCE("source", Database.SOURCE_PASSWORDS),
        /** The source, to its capture: other sessions can tell those of a capture by their name. */
        CAPTURE("source", Database.SOURCE_PASSWORDS),
        /** The source, as the user that prepares it. */
        ADMIN("source", "TIDEMARK_ADMIN_PASSWORD, source.admin-password-file or ~/.pgpass"),
        TARGET("target", "TIDEMARK_TARGET_PASSWORD or ~/.pgpass");

        private final String word;
        private final String passwords;

        Role(String word, String passwords) {
            this.word = word;
            this.passwords = passwords;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    /** The same database as something else. */
    public Database as(Role other) {
        return new Database(other, url, password);
    }

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
            checkVersion(connection);
            try (Statement statement = connection.createStatement()) {
                statement.execute(TextForm.sql());
                if (role != Role.TARGET) {
                    statement.execute(NOT_WAITING);
                }
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

    /** Before anything that an older server does not know is said to it. */
    private void checkVersion(Connection connection) throws SQLException {
        DatabaseMetaData server = connection.getMetaData();
        if (server.getDatabaseMajorVersion() < MAJOR_VERSION_MIN) {
            String version = server.getDatabaseProductVersion();
            connection.close();
            throw TidemarkException.refused(
                    "the %s %s is PostgreSQL %s, older than %d"
                            .formatted(role, url, version, MAJOR_VERSION_MIN),
                    "Upgrade it: Tidemark works with PostgreSQL 14 to 18.");
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
        properties.setProperty(
                "ApplicationName", role == Role.CAPTURE ? CAPTURE_APPLICATION : "tidemark");
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
        String what = "cannot connect to the " + role + " " + url + ": " + reason(e);
        return switch (state) {
            case "28P01", "28000", "08004" -> TidemarkException.refused(what, hintOfLogin(e), e);
            case "3D000" ->
                    TidemarkException.refused(
                            what,
                            role == Role.TARGET
                                    ? "Create the database, check its name in the URL, or let --replace --confirm create it."
                                    : "Check the database's name in the URL.",
                            e);
            case "53300" ->
                    TidemarkException.failed(
                            what, "Raise max_connections, or close other sessions.", e);
            default -> TidemarkException.failed(what, hintOfNetwork(e), e);
        };
    }

    private String hintOfNetwork(SQLException e) {
        return isOfTls(e)
                ? "Check sslmode and sslrootcert in the URL, that there is such a file, and that the server has the certificate"
                        + " that it should: with verify-full it must be signed by one in that file, and name this host."
                : "Check host and port, and that the server is up and can be reached.";
    }

    /**
     * Did it fail for the certificates? The driver says of a file of them that it cannot be used,
     * by its cause, and that the server's is for another host without any.
     */
    private boolean isOfTls(SQLException e) {
        boolean isOfAnotherHost =
                e.getCause() == null
                        && "08006".equals(e.getSQLState())
                        && url.options().getOrDefault("sslmode", "").startsWith("verify");
        return isOfAnotherHost
                || e.getCause() instanceof SSLException
                || e.getCause() instanceof GeneralSecurityException
                || e.getCause() instanceof FileNotFoundException;
    }

    private String hintOfLogin(SQLException e) {
        String passwords =
                "Check the user, its password ("
                        + role.passwords
                        + ") and the server's pg_hba.conf.";
        if (role != Role.SOURCE && role != Role.CAPTURE) {
            return passwords;
        }
        // Only a server that asks for no password says that there is no such role.
        return reason(e).endsWith("role \"" + url.user() + "\" does not exist")
                ? "'tidemark init' makes the role, as the user of source.admin-url: run it first. If it was run, check the"
                        + " user in source.url."
                : passwords
                        + " If the role does not exist yet: 'tidemark init' makes it, as the user of source.admin-url.";
    }

    private static String reason(SQLException e) {
        if (e.getCause() instanceof UnknownHostException unknown) {
            return "no address is known for host '" + unknown.getMessage() + "'";
        }
        return e.getMessage() == null
                ? "no reason given"
                : e.getMessage().lines().findFirst().orElse("").strip();
    }
}
