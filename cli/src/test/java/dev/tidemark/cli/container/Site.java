package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.S3Server;
import dev.tidemark.cli.Outcome;
import dev.tidemark.cli.SourceServer;
import dev.tidemark.cli.Truth;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.lifecycle.Startables;

/**
 * A whole system of containers: a source, three brokers, an S3 server, capture and archiver, each
 * of which can be killed, paused, replaced and cut off.
 */
final class Site implements AutoCloseable {
    private static final String PASSWORD = "of the superuser";
    private static final String BUCKET = "tidemark";
    private static final String PREFIX = "crm";
    private static final String CONNECTION_FAILURE = "08001"; // of SQL's standard
    private static final int POSTGRES_PORT = 5432;
    private static final int S3_PORT = 80;
    private static final int KAFKA_PORT = 9092;

    /** A cut network is noticed within a minute, and a broker needs some to be back. */
    private static final Duration AWAIT_MAX = Duration.ofMinutes(4);

    private static final String CONFIGURATION =
            """
            source:
              name: crm
              url: postgresql://tidemark@postgres:5432/crm
              password-file: /run/secrets/source-password
              admin-url: postgresql://postgres@postgres:5432/crm
              admin-password-file: /run/secrets/target-password
            kafka:
              bootstrap-servers: kafka-1:9092,kafka-2:9092,kafka-3:9092
            archive:
              url: s3://tidemark/crm
              s3: {endpoint: "http://s3:80", region: us-east-1, path-style: true}
            segment: {max-age: 2s}
            capture: {heartbeat: 500ms, takeover-after: 4s}
            temporary-directory: /var/lib/tidemark
            metrics: {listen: "0.0.0.0:9464"}
            """;

    private final Path directory;
    private final Networks networks = new Networks();
    private final Part postgres;
    private final List<Part> brokers = new ArrayList<>();
    private final Part storage;
    private List<Part> services = List.of();

    /** All that there ever was. */
    private final List<Part> made = new CopyOnWriteArrayList<>();

    private final SourceServer server;

    Site(Path directory) {
        this.directory = directory;
        postgres = newPostgres();
        for (int i = 1; i <= 3; i++) {
            brokers.add(newBroker(i));
        }
        storage = newStorage();
        server = new SourceServer(this::sourceAddress, Optional.of(PASSWORD));
    }

    /** While its container is down it has none: clients see a lost connection. */
    private String sourceAddress() {
        try {
            return postgres.address(POSTGRES_PORT);
        } catch (IllegalStateException e) {
            throw TidemarkException.failed(
                    "the source is down",
                    "Start its container.",
                    new SQLException("no port", CONNECTION_FAILURE, e));
        }
    }

    /** Starts servers with an empty database {@code crm}, and no service yet. */
    void startServers() throws IOException, InterruptedException {
        write("tidemark.yaml", CONFIGURATION);
        write("source-password", "of tidemark");
        write("target-password", PASSWORD);
        write(
                "s3-credentials",
                "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
                        .formatted(S3Server.ID, S3Server.SECRET));
        Startables.deepStart(servers()).join();
        assertThat(storage.execInContainer("mkdir", "-p", "/data/" + BUCKET).getExitCode())
                .isZero();
    }

    /** All but the services. */
    List<Part> servers() {
        List<Part> servers = new ArrayList<>(brokers);
        servers.add(postgres);
        servers.add(storage);
        return servers;
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name), content);
    }

    private Part newPostgres() {
        return part("postgres:18", "postgres", Link.CAPTURE_AND_SOURCE, Link.OTHERS)
                .withEnv(Map.of("POSTGRES_PASSWORD", PASSWORD, "POSTGRES_DB", "crm"))
                // It would hold on to a capture that is gone for a minute.
                .withCommand("postgres", "-c", "wal_level=logical", "-c", "wal_sender_timeout=10s")
                .withExposedPorts(POSTGRES_PORT)
                .waitingFor(Wait.forListeningPort());
    }

    private Part newBroker(int number) {
        String name = "kafka-" + number;
        return part(
                        "apache/kafka:4.3.1",
                        name,
                        Link.OTHERS,
                        Link.CAPTURE_AND_KAFKA,
                        Link.ARCHIVER_AND_KAFKA)
                .withEnv(
                        Map.ofEntries(
                                Map.entry("CLUSTER_ID", "5L6g3nShT-eMCtK--X86sw"),
                                Map.entry("KAFKA_NODE_ID", String.valueOf(number)),
                                Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
                                Map.entry(
                                        "KAFKA_LISTENERS", "PLAINTEXT://:9092,CONTROLLER://:9093"),
                                Map.entry(
                                        "KAFKA_ADVERTISED_LISTENERS",
                                        "PLAINTEXT://" + name + ":9092"),
                                Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
                                Map.entry(
                                        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP",
                                        "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
                                Map.entry(
                                        "KAFKA_CONTROLLER_QUORUM_VOTERS",
                                        "1@kafka-1:9093,2@kafka-2:9093,3@kafka-3:9093"),
                                Map.entry("KAFKA_DEFAULT_REPLICATION_FACTOR", "3"),
                                Map.entry("KAFKA_MIN_INSYNC_REPLICAS", "2"),
                                Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "3"),
                                Map.entry("KAFKA_HEAP_OPTS", "-Xmx384m")))
                .withExposedPorts(KAFKA_PORT)
                .waitingFor(Wait.forListeningPort());
    }

    private Part newStorage() {
        return part(
                        "andrewgaul/s3proxy:latest",
                        "s3",
                        Link.OTHERS,
                        Link.CAPTURE_AND_STORAGE,
                        Link.ARCHIVER_AND_STORAGE)
                .withEnv(
                        Map.of(
                                "JCLOUDS_PROVIDER", "filesystem-nio2",
                                "JCLOUDS_FILESYSTEM_BASEDIR", "/data",
                                "S3PROXY_AUTHORIZATION", "aws-v2-or-v4",
                                "S3PROXY_IDENTITY", S3Server.ID,
                                "S3PROXY_CREDENTIAL", S3Server.SECRET))
                .withExposedPorts(S3_PORT)
                .waitingFor(Wait.forListeningPort());
    }

    private Part part(String image, String name, Link... links) {
        Part part = new Part(image, name, networks, links);
        made.add(part);
        return part;
    }

    private Part newService(String command) {
        List<Link> links =
                Stream.of(Link.values())
                        .filter(link -> link.name().startsWith(command.toUpperCase(Locale.ROOT)))
                        .toList();
        return tidemark(command, links)
                .withCommand(command)
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(AWAIT_MAX));
    }

    private Part tidemark(String name, List<Link> links) {
        List<Bind> files =
                List.of(
                        file("tidemark.yaml", "/etc/tidemark/tidemark.yaml"),
                        file("source-password", "/run/secrets/source-password"),
                        file("target-password", "/run/secrets/target-password"),
                        file("s3-credentials", "/run/secrets/s3-credentials"));
        Part part = Part.ofTidemark(name, networks, links, files);
        made.add(part);
        return part.withEnv("AWS_SHARED_CREDENTIALS_FILE", "/run/secrets/s3-credentials")
                .withEnv("TIDEMARK_TARGET_PASSWORD", PASSWORD);
    }

    private Bind file(String name, String at) {
        return new Bind(directory.resolve(name).toString(), new Volume(at), AccessMode.ro);
    }

    SourceServer server() {
        return server;
    }

    /** Starts capture and archiver; those that were there before are somebody else's then. */
    void startServices() {
        services = List.of(newService("capture"), newService("archiver"));
        Startables.deepStart(services).join();
    }

    List<Part> services() {
        return services;
    }

    /** The one of the two services that has this link. */
    Part service(Link link) {
        return services.get(link.name().startsWith("CAPTURE") ? 0 : 1);
    }

    Part storage() {
        return storage;
    }

    /** Waits until the source answers, also where it has to recover first. */
    void awaitSource() {
        await(
                "the source",
                () -> {
                    try {
                        return server.ask("crm", "SELECT true").equals("t");
                    } catch (SQLException | TidemarkException e) {
                        return false; // it is not up yet
                    }
                });
    }

    /** Waits until all that there is works again. */
    void awaitWorking() {
        servers().forEach(part -> await("a server", part::listens));
        services.forEach(part -> await("a service that is ready", part::isReady));
    }

    List<Part> brokers() {
        return brokers;
    }

    /** Runs a command in a container of its own, to its end; it has to succeed. */
    void succeed(String... arguments) {
        try (Part command = tidemark("command", List.of(Link.OTHERS))) {
            Outcome outcome = command.run(arguments);
            assertThat(outcome.code())
                    .as("%s said %s%s", List.of(arguments), outcome.out(), outcome.err())
                    .isZero();
        }
    }

    /** Restores into a new database beside the source, and reads back what came out. */
    Map<String, RowsChecksum> restored(String name, String to) throws SQLException {
        server.execute("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        server.execute("postgres", "CREATE DATABASE " + name);
        succeed("restore", "--to", to, "--into", "postgresql://postgres@postgres:5432/" + name);
        return server.rows(name);
    }

    /** Waits until the archive has something later than this. */
    void awaitArchivedPast(Truth truth) {
        await(
                "the archive to pass " + truth.position() + " and " + truth.time(),
                () -> {
                    try (ObjectStore store = store()) {
                        return truth.isPassedIn(store);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private ObjectStore store() {
        return S3Server.storeAt(URI.create("http://" + storage.address(S3_PORT)), BUCKET, PREFIX);
    }

    /** Waits until a service has said these words. */
    void awaitSaid(Link link, String words) {
        await("'" + words + "'", () -> service(link).getLogs().contains(words));
    }

    void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + AWAIT_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() < end)
                    .as(() -> "waited too long for " + what + "; the services said:\n" + logs())
                    .isTrue();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }

    /** What both services said so far. */
    String logs() {
        return services.stream().map(Part::getLogs).collect(Collectors.joining("\n\n"));
    }

    /** Also those that were replaced, or did not start; the first that cannot go is thrown. */
    @Override
    public void close() {
        List<RuntimeException> failures = new ArrayList<>();
        for (Part part : made) {
            try {
                part.close();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        }
        networks.close();
        failures.stream()
                .findFirst()
                .ifPresent(
                        e -> {
                            throw e;
                        });
    }
}
