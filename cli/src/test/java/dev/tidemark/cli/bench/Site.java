package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.Databases;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The servers of one run: a PostgreSQL with its default durability and a Kafka broker, both started
 * for it, and the configuration that Tidemark's commands read. For one thread.
 */
record Site(Path directory, PostgresServer postgres, KafkaBroker kafka, Path configuration)
        implements AutoCloseable {
    private static final String DATABASE = "bench";
    private static final Duration LOOK = Duration.ofMillis(20); // small beside what is measured

    static Site start(Path directory) throws IOException, SQLException {
        return start(directory, Map.of(), "");
    }

    /** The same with another server. */
    static Site start(Path directory, PostgresBinaries binaries, Map<String, String> settings)
            throws IOException, SQLException {
        return start(directory, server(directory, binaries, settings), Map.of(), "");
    }

    /**
     * The same with other settings.
     *
     * @param broker settings of Kafka's
     * @param more lines of the configuration
     */
    static Site start(Path directory, Map<String, String> broker, String more)
            throws IOException, SQLException {
        return start(
                directory,
                server(directory, PostgresBinaries.onClassPath(), Map.of()),
                broker,
                more);
    }

    private static PostgresServer server(
            Path directory, PostgresBinaries binaries, Map<String, String> more) {
        // Checkpoints in the middle of a measurement would be noise.
        Map<String, String> settings =
                new TreeMap<>(Map.of("max_wal_size", "16GB", "checkpoint_timeout", "1h"));
        settings.putAll(more);
        return PostgresServer.start(directory.resolve("postgres"), binaries, settings);
    }

    private static Site start(
            Path directory, PostgresServer postgres, Map<String, String> broker, String more)
            throws IOException, SQLException {
        KafkaBroker kafka = KafkaBroker.start(directory.resolve("kafka"), broker);
        Path configuration = directory.resolve("tidemark.yaml");
        Site site = new Site(directory, postgres, kafka, configuration);
        site.configure(more);
        site.create(DATABASE);
        return site;
    }

    /**
     * Writes the configuration anew, for programs that start from here on.
     *
     * @param more lines of it
     */
    void configure(String more) throws IOException {
        Files.writeString(
                configuration,
                """
                source: {name: bench, url: "postgresql://postgres@127.0.0.1:%d/bench"}
                kafka: {bootstrap-servers: "%s"}
                archive: {url: "%s"}
                temporary-directory: "%s"
                %s
                """
                        .formatted(
                                postgres.port(),
                                kafka.bootstrapServers(),
                                directory.resolve("archive"),
                                directory.resolve("temporary"),
                                more));
    }

    /** The programs that read this site's configuration. */
    Commands commands() {
        return new Commands(directory, configuration);
    }

    /** What PostgreSQL's own programs need to reach the server. */
    List<String> connection() {
        return List.of(
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(postgres.port()),
                "-U",
                postgres.superuser());
    }

    Parts parts() {
        return new Parts(
                Configuration.read(
                        configuration, Set.of(Section.SOURCE, Section.KAFKA, Section.ARCHIVE)),
                new Databases(Map.of(), System.err::println),
                Clock.systemUTC());
    }

    /** The change log that Tidemark's commands use. */
    ChangeLogTopic topic() {
        return parts().topic(kafka.bootstrapServers());
    }

    /** A change log for one measurement. */
    ChangeLogTopic topic(String name) {
        return new ChangeLogTopic(name, topic().kafka());
    }

    Database source() {
        return database(Database.Role.SOURCE, DATABASE);
    }

    /** A new, empty database. */
    Database create(String name) throws SQLException {
        try (Connection session = database(Database.Role.ADMIN, "postgres").connect();
                Statement statement = session.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return database(Database.Role.TARGET, name);
    }

    void drop(String name) throws SQLException {
        try (Connection session = database(Database.Role.ADMIN, "postgres").connect();
                Statement statement = session.createStatement()) {
            statement.execute("DROP DATABASE " + name);
        }
    }

    private Database database(Database.Role role, String name) {
        return new Database(
                role,
                new DatabaseUrl("127.0.0.1", postgres.port(), name, "postgres", Map.of()),
                Optional.empty());
    }

    /** Runs statements in the source. */
    void execute(String... statements) throws SQLException {
        try (Connection session = source().connect();
                Statement statement = session.createStatement()) {
            statement.execute("SET search_path = public");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** One value from the source. */
    String ask(String query) throws SQLException {
        try (Connection session = source().connect();
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    /** Returns when all that is committed is in published segments. */
    void awaitArchived(Duration most) throws SQLException, InterruptedException {
        execute("SELECT pg_logical_emit_message(true, 'bench', 'end')");
        Position end = Position.of(ask("SELECT pg_current_wal_lsn()"));
        await(most, "the segment with " + end, () -> isArchived(end));
    }

    private boolean isArchived(Position end) {
        try (Archive archive = parts().archive()) {
            return archive.state()
                    .newest()
                    .filter(there -> !there.span().to().isBefore(end))
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it is so. */
    static void await(Duration most, String what, BooleanSupplier isSo)
            throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        what + " did not come within " + most.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
    }
}
