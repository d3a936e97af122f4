package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.Bank;
import dev.tidemark.cli.Clients;
import dev.tidemark.cli.Outcome;
import dev.tidemark.cli.SourceServer;
import dev.tidemark.cli.Truth;
import dev.tidemark.replay.load.RowsChecksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The oldest PostgreSQL and a broker, as their own images are, and an archive in a volume. */
@OnDocker
final class RoundTripIT {
    private static final String PASSWORD = "of the superuser";
    private static final int POSTGRES_PORT = 5432;
    private static final Duration WORK = Duration.ofSeconds(5);
    private static final Duration ARCHIVED_MAX = Duration.ofMinutes(2);

    private static final String CONFIGURATION =
            """
            source:
              name: crm
              url: postgresql://tidemark@postgres:5432/crm
              admin-url: postgresql://postgres@postgres:5432/crm
            kafka: {bootstrap-servers: "kafka:19092"}
            archive: {url: /var/lib/tidemark/archive}
            segment: {max-age: 1s}
            temporary-directory: /var/lib/tidemark/temporary
            metrics: {listen: "0.0.0.0:9464"}
            """;

    @TempDir private Path directory;

    private final Networks networks = new Networks();

    @Test
    void whatIsRestoredIsWhatTheSourceWas() throws Exception {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Path archive = Files.createDirectory(volume.resolve("archive"));
        for (Path folder : List.of(volume, archive)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        try (PostgreSQLContainer postgres = postgres();
                KafkaContainer kafka = kafka();
                Part capture = service("capture", volume);
                Part archiver = service("archiver", volume)) {
            Startables.deepStart(postgres, kafka).join();
            SourceServer server =
                    new SourceServer(
                            () -> postgres.getHost() + ":" + postgres.getMappedPort(POSTGRES_PORT),
                            Optional.of(PASSWORD));
            Bank bank = Bank.create(server);
            succeed(volume, "init");
            Startables.deepStart(capture, archiver).join();

            Truth during = worked(server, bank);
            Truth last = server.truth("crm");
            awaitArchivedPast(last, archive);

            assertThat(restored(server, volume, "during", during.position().toString()))
                    .isEqualTo(during.tables());
            bank.assertBalanced(server, "during");
            assertThat(restored(server, volume, "last", "latest")).isEqualTo(last.tables());
            bank.assertKept(server, "last");
            assertThat(succeed(volume, "verify")).startsWith("whole: ");
        } finally {
            networks.close();
        }
    }

    private PostgreSQLContainer postgres() {
        return new PostgreSQLContainer("postgres:15")
                .withNetwork(networks.of(Link.OTHERS))
                .withNetworkAliases("postgres")
                .withUsername("postgres")
                .withPassword(PASSWORD)
                .withDatabaseName("crm")
                .withCommand("postgres", "-c", "wal_level=logical");
    }

    private KafkaContainer kafka() {
        return new KafkaContainer("apache/kafka:4.3.1")
                .withNetwork(networks.of(Link.OTHERS))
                .withListener("kafka:19092");
    }

    private Part service(String command, Path volume) throws IOException {
        return part(command, volume).withCommand(command).waitingFor(Wait.forHealthcheck());
    }

    /** As whoever runs the test, unless that is root: what it leaves can be deleted then. */
    private Part part(String name, Path volume) throws IOException {
        Path configuration = Files.writeString(directory.resolve("tidemark.yaml"), CONFIGURATION);
        List<Bind> files =
                List.of(
                        new Bind(
                                configuration.toString(),
                                new Volume("/etc/tidemark/tidemark.yaml"),
                                AccessMode.ro),
                        new Bind(volume.toString(), new Volume("/var/lib/tidemark")));
        Object user = Files.getAttribute(directory, "unix:uid");
        return Part.ofTidemark(name, networks, List.of(Link.OTHERS), files)
                .withEnv("TIDEMARK_SOURCE_PASSWORD", "of tidemark")
                .withEnv("TIDEMARK_ADMIN_PASSWORD", PASSWORD)
                .withEnv("TIDEMARK_TARGET_PASSWORD", PASSWORD)
                .withCreateContainerCmdModifier(
                        create -> {
                            if (!user.equals(0)) {
                                create.withUser(user.toString());
                            }
                        });
    }

    private static Truth worked(SourceServer server, Bank bank) throws Exception {
        try (Clients clients = new Clients(server)) {
            bank.openAt(clients, "bank", new Random(1), Duration.ofMillis(20));
            LockSupport.parkNanos(WORK.toNanos());
            Truth during = server.truth("crm");
            LockSupport.parkNanos(WORK.toNanos());
            assertThat(clients.failures()).isEmpty();
            return during;
        }
    }

    private String succeed(Path volume, String... arguments) throws IOException {
        try (Part command = part("command", volume)) {
            Outcome outcome = command.run(arguments);
            assertThat(outcome.code()).as(outcome.err()).isZero();
            return outcome.out();
        }
    }

    private Map<String, RowsChecksum> restored(
            SourceServer server, Path volume, String name, String to) throws Exception {
        server.execute("postgres", "CREATE DATABASE " + name);
        succeed(
                volume,
                "restore",
                "--to",
                to,
                "--into",
                "postgresql://postgres@postgres:5432/" + name);
        return server.rows(name);
    }

    private static void awaitArchivedPast(Truth truth, Path archive) throws Exception {
        long end = System.nanoTime() + ARCHIVED_MAX.toNanos();
        try (ObjectStore store = new LocalObjectStore(archive)) {
            while (!truth.isPassedIn(store)) {
                assertThat(System.nanoTime()).as("archived in time").isLessThan(end);
                LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            }
        }
    }
}
