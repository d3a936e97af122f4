package dev.tidemark.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.Databases;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The servers of a demo, and the configuration that a user would have written for them. Closing
 * stops the servers.
 */
final class DemoSite implements AutoCloseable {
    static final String SOURCE = "crm";

    /** What a restore of a minute's work needs; the default is meant for the smallest machines. */
    private static final Map<String, String> POSTGRES =
            Map.of("shared_buffers", "128MB", "max_wal_size", "1GB");

    private final PostgresServer postgres;
    private final Parts parts;
    private final Path configurationFile;
    private final Brokers brokers;

    private DemoSite(
            PostgresServer postgres, Parts parts, Path configurationFile, Brokers brokers) {
        this.postgres = postgres;
        this.parts = parts;
        this.configurationFile = configurationFile;
        this.brokers = brokers;
    }

    static DemoSite start(Path directory, Clock clock) {
        PostgresServer postgres =
                PostgresServer.start(
                        directory.resolve("postgres"), PostgresBinaries.onClassPath(), POSTGRES);
        boolean started = false;
        try {
            Path file = directory.resolve("tidemark.yaml");
            write(file, yaml(directory, postgres.port()));
            // Nothing of the user's environment is meant for these servers, which trust anyone.
            Parts parts =
                    new Parts(
                            Configuration.read(file, Set.of(Section.values())),
                            new Databases(Map.of(), warning -> {}),
                            clock);
            DemoSite site = new DemoSite(postgres, parts, file, parts.brokers());
            started = true;
            return site;
        } finally {
            if (!started) {
                postgres.close();
            }
        }
    }

    private static String yaml(Path directory, int port) {
        return """
        # Written by 'tidemark demo', as a user would write it.
        source:
          name: %s
          url: postgresql://tidemark@127.0.0.1:%d/crm
          admin-url: postgresql://postgres@127.0.0.1:%d/crm
        kafka:
          bootstrap-servers: embedded
          directory: kafka
        archive:
          url: %s
        segment:
          max-age: 2s
        temporary-directory: temporary
        """
                .formatted(SOURCE, port, port, directory.resolve("archive").toUri());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text, UTF_8);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write " + file + ": " + TidemarkException.reason(e),
                    "Check that the directory can be written.",
                    e);
        }
    }

    Parts parts() {
        return parts;
    }

    Path configurationFile() {
        return configurationFile;
    }

    String bootstrapServers() {
        return brokers.bootstrapServers();
    }

    /** A database of the server, as its superuser. */
    Database database(String name) {
        return new Database(
                Database.Role.SOURCE,
                new DatabaseUrl("127.0.0.1", postgres.port(), name, postgres.superuser(), Map.of()),
                Optional.empty());
    }

    /** The captured database, as its applications see it. */
    DataSource source() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(postgres.jdbcUrl(SOURCE));
        source.setUser(postgres.superuser());
        source.setApplicationName("crm");
        return source;
    }

    /** Makes an empty database. */
    Database create(String name) throws SQLException {
        try (Connection connection = database("postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name + " TEMPLATE template0");
        }
        return database(name);
    }

    @Override
    public void close() {
        // An interrupt is what asked for the end; the servers would be killed if it went on.
        boolean isInterrupted = Thread.interrupted();
        try {
            brokers.close();
        } finally {
            try {
                postgres.close();
            } finally {
                if (isInterrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
