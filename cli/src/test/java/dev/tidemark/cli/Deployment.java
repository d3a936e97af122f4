package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.S3Server;
import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A whole Tidemark on real parts, for tests: a source, a broker, an archive, a configuration;
 * commands and services.
 */
final class Deployment implements AutoCloseable {
    private static final Duration AWAIT_MAX = Duration.ofSeconds(90);

    /** No test takes the machine's power away: what the kernel has outlives a killed server. */
    private static final Map<String, String> UNSYNCED = Map.of("fsync", "off");

    /**
     * Where the archive is.
     *
     * @param settings the archive's part of the configuration
     * @param store opens the same, for the test to look into
     * @param environment what a program needs to be let in
     */
    record Storage(String settings, Supplier<ObjectStore> store, Map<String, String> environment) {
        static Storage local(Path folder) {
            return new Storage(
                    "archive: {url: " + folder + "}", () -> new LocalObjectStore(folder), Map.of());
        }

        static Storage s3(S3Server server, String prefix) {
            return s3(server, server.endpoint(), prefix);
        }

        /** The programs go another way to it than the test. */
        static Storage s3(S3Server server, URI endpoint, String prefix) {
            return new Storage(
                    "archive: {url: \"s3://%s/%s\", s3: {endpoint: \"%s\", path-style: true}}"
                            .formatted(S3Server.BUCKET, prefix, endpoint),
                    () -> server.store(prefix),
                    S3Server.environment());
        }
    }

    private final Path directory;
    private final PostgresBinaries binaries;
    private volatile PostgresServer postgres; // another one after a kill
    private volatile KafkaBroker kafka;
    private final Path configuration;
    private final Storage storage;
    private final Programs programs;
    private final SourceServer server;

    private Deployment(
            Path directory,
            PostgresBinaries binaries,
            PostgresServer postgres,
            KafkaBroker kafka,
            Path configuration,
            Storage storage) {
        this.directory = directory;
        this.binaries = binaries;
        this.postgres = postgres;
        this.kafka = kafka;
        this.configuration = configuration;
        this.storage = storage;
        this.programs = new Programs(directory, configuration, storage.environment());
        this.server = new SourceServer(() -> "127.0.0.1:" + this.postgres.port(), Optional.empty());
    }

    /** Starts servers with an empty database {@code crm}, and an archive in a folder. */
    static Deployment start(Path directory, PostgresBinaries binaries, String more)
            throws IOException, SQLException {
        Path folder = Files.createDirectories(directory.resolve("archive"));
        return start(directory, binaries, Storage.local(folder), more);
    }

    /** Starts servers with an empty database {@code crm}. */
    static Deployment start(Path directory, PostgresBinaries binaries, Storage storage, String more)
            throws IOException, SQLException {
        return start(directory, binaries, storage, more, Map.of());
    }

    /** The same with settings of the broker. */
    static Deployment start(
            Path directory,
            PostgresBinaries binaries,
            Storage storage,
            String more,
            Map<String, String> brokerSettings)
            throws IOException, SQLException {
        PostgresServer postgres =
                PostgresServer.start(directory.resolve("postgres"), binaries, UNSYNCED);
        KafkaBroker kafka = KafkaBroker.start(directory.resolve("kafka"), brokerSettings);
        Path configuration = directory.resolve("tidemark.yaml");
        Files.writeString(
                configuration,
                """
                source:
                  name: crm
                  url: "postgresql://tidemark@127.0.0.1:%d/crm"
                  admin-url: "postgresql://postgres@127.0.0.1:%d/crm"
                kafka:
                  bootstrap-servers: "%s"
                %s
                %s
                """
                        .formatted(
                                postgres.port(),
                                postgres.port(),
                                kafka.bootstrapServers(),
                                storage.settings(),
                                more));
        Deployment deployment =
                new Deployment(directory, binaries, postgres, kafka, configuration, storage);
        deployment.execute("postgres", "CREATE DATABASE crm");
        return deployment;
    }

    /** The source's server, in which tests restore too. */
    SourceServer server() {
        return server;
    }

    Database database(String name) {
        return server.database(name);
    }

    /** A configuration with something changed, beside the own one. */
    Path configuration(String name, String what, String by) throws IOException {
        String own = Files.readString(configuration);
        assertThat(own).contains(what);
        return Files.writeString(directory.resolve(name + ".yaml"), own.replace(what, by));
    }

    /** Changes the own configuration, for all that is started from here on. */
    void reconfigure(String what, String by) throws IOException {
        String own = Files.readString(configuration);
        assertThat(own).contains(what);
        Files.writeString(configuration, own.replace(what, by));
    }

    Connection connect() {
        return database("crm").connect();
    }

    /** As the application connects: with the server's own settings. */
    Connection connectAsClient() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl("crm"), postgres.superuser(), "");
    }

    /** The source's machine is gone, and its disk with it. */
    void loseSource() throws IOException {
        postgres.kill();
        try (Stream<Path> files = Files.walk(directory.resolve("postgres"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The archive's storage, for the test to look into. */
    ObjectStore store() {
        return storage.store().get();
    }

    KafkaBroker kafka() {
        return kafka;
    }

    /** The source's port. */
    int port() {
        return postgres.port();
    }

    void execute(String database, String sql) throws SQLException {
        server.execute(database, sql);
    }

    String ask(String database, String sql) throws SQLException {
        return server.ask(database, sql);
    }

    /** Runs a command to its end, in this process. */
    Outcome tidemark(String... arguments) {
        return tidemark(configuration, arguments);
    }

    /** The same with another configuration. */
    Outcome tidemark(Path configurationFile, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config");
        all.add(configurationFile.toString());
        return Outcome.of(Path.of(""), Clock.systemUTC(), all.toArray(String[]::new));
    }

    /** Runs a command that has to succeed. */
    Outcome succeed(String... arguments) {
        Outcome outcome = tidemark(arguments);
        assertThat(outcome.code())
                .as("%s said %s%s", List.of(arguments), outcome.out(), outcome.err())
                .isZero();
        return outcome;
    }

    /** Programs that start from here on have the heap that users' have. */
    void startAsLaunched() {
        programs.asLaunched();
    }

    /** Starts a service, or another command, as a process of its own, as the launcher does. */
    Process service(String command, String... arguments) throws IOException {
        return programs.start(command, arguments);
    }

    /** Runs a command to its end, as a process of its own: in the environment of the storage. */
    Outcome process(String... arguments) throws IOException, InterruptedException {
        return programs.run(arguments);
    }

    /** The program, as the launcher starts it. */
    ProcessBuilder program(String... arguments) {
        return programs.builder(arguments);
    }

    /** What a service logged so far. */
    String log(String command, int number) {
        return programs.log(command, number);
    }

    /** What the service that was started last logged so far. */
    String newestLog(String command) {
        return programs.newestLog(command);
    }

    /** Waits until a service has said these words. */
    void awaitLogged(String command, int number, String words) {
        await(
                () ->
                        "%s to say '%s'; it said:%n%s"
                                .formatted(command, words, log(command, number)),
                () -> log(command, number).contains(words));
    }

    /** What all services logged so far. */
    String logs() {
        return programs.logs();
    }

    /** What the source holds, under a snapshot whose position is known, while others go on. */
    Truth truth() throws SQLException {
        return server.truth("crm");
    }

    /** Restores and reads back what came out. */
    Map<String, RowsChecksum> restored(String name, String... moment) throws SQLException {
        execute("postgres", "CREATE DATABASE " + name);
        List<String> arguments = new ArrayList<>(List.of("restore"));
        arguments.addAll(List.of(moment));
        arguments.addAll(List.of("--into", database(name).url().toString()));
        succeed(arguments.toArray(String[]::new));
        return rows(name);
    }

    /** What a database holds, table by table. */
    Map<String, RowsChecksum> rows(String name) throws SQLException {
        return server.rows(name);
    }

    /** Waits until the archive has something later than this. */
    void awaitArchivedPast(Truth truth) {
        await(
                () ->
                        "the archive to pass "
                                + truth.position()
                                + " and "
                                + truth.time()
                                + "; the services said:\n"
                                + logs(),
                () -> truth.isPassedIn(storage.store().get()));
    }

    /** Waits until the source says yes. */
    void awaitInSource(String question) {
        await(
                () -> question + "; the services said:\n" + logs(),
                () -> {
                    try {
                        return ask("crm", question).equals("t");
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    static void await(Supplier<String> what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + AWAIT_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() < deadline)
                    .as(() -> "waited too long for " + what.get())
                    .isTrue();
            java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    static void signal(Process process, String signal) throws IOException, InterruptedException {
        signal(process.toHandle(), signal);
    }

    private static void signal(ProcessHandle process, String signal)
            throws IOException, InterruptedException {
        assertThat(
                        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
    }

    /** Stops the broker without ending it, or lets it go on. */
    void signalKafka(String signal) throws IOException, InterruptedException {
        signal(ProcessHandle.of(kafka.pid()).orElseThrow(), signal);
    }

    /** Ends all of PostgreSQL at once, as a crash does. What the kernel has is not lost by that. */
    void killPostgres() {
        postgres.kill();
    }

    /** Starts it again on its data, where its clients look for it. */
    void startPostgres() {
        int port = postgres.port();
        postgres = PostgresServer.start(directory.resolve("postgres"), binaries, UNSYNCED);
        assertThat(postgres.port()).as("the port, which nobody else should take").isEqualTo(port);
    }

    /** Ends the broker, as a crash does. What it acknowledged, the kernel has. */
    void killKafka() {
        kafka.kill();
    }

    /** Starts it again on its data, where its clients look for it. */
    void startKafka() {
        String address = kafka.bootstrapServers();
        kafka = KafkaBroker.start(directory.resolve("kafka"), Map.of());
        assertThat(kafka.bootstrapServers())
                .as("the address, which nobody else should take")
                .isEqualTo(address);
    }

    @Override
    public void close() {
        programs.close();
        kafka.kill(); // its data goes with the test, and a clean stop takes seconds
        postgres.close();
    }
}
