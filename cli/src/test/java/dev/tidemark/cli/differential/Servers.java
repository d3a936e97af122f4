package dev.tidemark.cli.differential;

import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;

/** One server and one broker for all seeds; each seed has databases and a topic of its own. */
public final class Servers implements AutoCloseable {
    /**
     * Nothing here has to outlive a crash; and nobody but the seed's sessions takes locks, so that
     * it goes the same way each time.
     */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "fsync", "off",
                    "full_page_writes", "off",
                    "autovacuum", "off",
                    "shared_buffers", "128MB",
                    "max_wal_size", "1GB",
                    "log_min_messages", "panic");

    private final Path directory;
    private final PostgresServer postgres;
    private final KafkaBroker kafka;

    private Servers(Path directory, PostgresServer postgres, KafkaBroker kafka) {
        this.directory = directory;
        this.postgres = postgres;
        this.kafka = kafka;
    }

    static Servers start(Path directory, boolean isOldest) throws SQLException {
        return start(
                directory, isOldest ? Release.OLDEST.binaries() : PostgresBinaries.onClassPath());
    }

    /** A server of this version. */
    public static Servers start(Path directory, PostgresBinaries binaries) throws SQLException {
        PostgresServer postgres =
                PostgresServer.start(directory.resolve("postgres"), binaries, SETTINGS);
        KafkaBroker kafka = KafkaBroker.start(directory.resolve("kafka"), Map.of());
        Servers servers = new Servers(directory, postgres, kafka);
        servers.execute("postgres", "CREATE ROLE alice; CREATE ROLE \"Bob's\"");
        return servers;
    }

    Path directory() {
        return directory;
    }

    int port() {
        return postgres.port();
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** A database, as the superuser. */
    public Database database(String name) {
        return new Database(
                Database.Role.TARGET,
                new DatabaseUrl("127.0.0.1", postgres.port(), name, postgres.superuser(), Map.of()),
                Optional.empty());
    }

    /** A session that sends its statements as they are: several at once, too. */
    public Connection session(String database) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(database) + "?preferQueryMode=simple", postgres.superuser(), "");
    }

    public void execute(String database, String... statements) throws SQLException {
        try (Connection connection = database(database).connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
    }
}
