package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.S3Server;
import dev.tidemark.cli.Deployment.Storage;
import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that lose packets, between services under load and each part that they work with. */
class NetworkCutIT {
    private static final Duration THINKING_MAX = Duration.ofMillis(100);

    /** Kafka's group waits 10 s for an archiver, and then gives the topic to another one. */
    private static final Duration GROUP_WAITS = Duration.ofSeconds(12);

    /** A supervisor kills after 10 s; a loaded machine is given more, and the log tells. */
    private static final int END_SECONDS_MAX = 30;

    private enum Part {
        SOURCE,
        KAFKA,
        STORAGE
    }

    @TempDir private Path directory;
    private final Map<Part, CutNetwork> networks = new EnumMap<>(Part.class);
    private final HttpClient http = HttpClient.newHttpClient();
    private S3Server s3;
    private Deployment tidemark;
    private Clients clients;

    @BeforeEach
    void start() throws Exception {
        s3 = S3Server.start();
        networks.put(Part.SOURCE, CutNetwork.before(() -> tidemark.port()));
        networks.put(Part.KAFKA, CutNetwork.before(this::kafkaPort));
        networks.put(Part.STORAGE, CutNetwork.before(() -> s3.endpoint().getPort()));
        tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        Storage.s3(s3, "crm"),
                        """
                        segment: {max-age: 1s, idle-age: 1s}
                        capture: {heartbeat: 500ms, takeover-after: 4s}
                        metrics: {listen: "127.0.0.1:0"}
                        """,
                        Map.of("advertised.listeners", "PLAINTEXT://" + address(Part.KAFKA)));
        tidemark.reconfigure(
                "tidemark@127.0.0.1:" + tidemark.port(), "tidemark@" + address(Part.SOURCE));
        tidemark.reconfigure(tidemark.kafka().bootstrapServers(), address(Part.KAFKA));
        tidemark.reconfigure(
                s3.endpoint().toString(), URI.create("http://" + address(Part.STORAGE)).toString());
        tidemark.execute("crm", "CREATE TABLE public.deal (session text, at timestamptz)");
        succeed("init");
        clients = new Clients(tidemark.server());
        clients.start("deals", new Random(1), THINKING_MAX, NetworkCutIT::work);
    }

    /** A row that came twice, or not at all, would show: there is no key. */
    private static void work(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO public.deal SELECT 'deals', clock_timestamp() FROM generate_series(1, 5)");
        }
        connection.commit();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        clients.close();
        for (CutNetwork network : networks.values()) {
            network.close(); // first: a source that stops waits for a stream that is not closed
        }
        tidemark.close();
        s3.close();
    }

    /** Both at once, to save time: capture knows of the one only, the archiver of the other. */
    @Test
    void servicesGoOnByThemselvesAfterACutToSourceAndStorage() throws Exception {
        Process service = tidemark.service("run");
        Watcher watcher = Watcher.ofNewest(tidemark, "run", http);
        watcher.await("/health/ready", 200);

        network(Part.SOURCE).cut();
        network(Part.STORAGE).cut();
        watcher.awaitPart("archiver", "silent");
        network(Part.STORAGE).heal();
        awaitSaid("capture: ");
        network(Part.SOURCE).heal();

        watcher.await("/health/ready", 200);
        assertNothingIsLostOrDoubled();
        network(Part.SOURCE).cut();
        network(Part.STORAGE).cut();
        watcher.awaitPart("capture", "silent");
        watcher.awaitPart("archiver", "silent");
        assertEnds(service);
    }

    /** Of the connections to the source the stream alone is dead, without knowing it. */
    @Tag("long")
    @Test
    void servicesGoOnByThemselvesAfterACutToKafkaAndWhenTheStreamIsForgotten() throws Exception {
        Process service = tidemark.service("run");
        Watcher watcher = Watcher.ofNewest(tidemark, "run", http);
        watcher.await("/health/ready", 200);

        network(Part.KAFKA).cut();
        network(Part.SOURCE).forget(streamPort());
        watcher.awaitPart("capture", "silent");
        watcher.awaitPart("archiver", "silent");
        LockSupport.parkNanos(GROUP_WAITS.toNanos());
        network(Part.KAFKA).heal();

        awaitSaid("capture: the stream from the source is dead");
        watcher.await("/health/ready", 200);
        for (CutNetwork network : networks.values()) {
            network.reset();
        }
        assertNothingIsLostOrDoubled();
        network(Part.STORAGE).cut(); // which the archiver finds with its last segment
        assertEnds(service);
    }

    private void assertEnds(Process service) throws Exception {
        Deployment.signal(service, "TERM");

        assertThat(service.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS))
                .as(() -> "ended; it said " + tidemark.newestLog("run"))
                .isTrue();
        assertThat(service.exitValue()).as(tidemark.newestLog("run")).isZero();
        assertThat(tidemark.newestLog("run")).doesNotContain("did not stop");
    }

    private void awaitSaid(String words) {
        Deployment.await(
                () -> "'%s'; the services said:%n%s".formatted(words, tidemark.logs()),
                () -> tidemark.newestLog("run").contains(words));
    }

    private void assertNothingIsLostOrDoubled() throws Exception {
        Truth last = tidemark.truth();
        tidemark.awaitArchivedPast(last);
        tidemark.execute("postgres", "CREATE DATABASE restored");
        succeed(
                "restore",
                "--to",
                last.position().toString(),
                "--into",
                tidemark.database("restored").url().toString());
        assertThat(tidemark.rows("restored")).isEqualTo(last.tables());
        assertThat(clients.failures()).isEmpty();
    }

    /** Of the connection that the source streams to. */
    private int streamPort() throws SQLException {
        return Integer.parseInt(tidemark.ask("crm", "SELECT client_port FROM pg_stat_replication"));
    }

    private int kafkaPort() {
        String address = KafkaBroker.running(directory.resolve("kafka")).orElseThrow();
        return URI.create("kafka://" + address).getPort();
    }

    private CutNetwork network(Part part) {
        return Objects.requireNonNull(networks.get(part));
    }

    private String address(Part part) {
        return "127.0.0.1:" + network(part).port();
    }

    /** As a process: the credentials come from the environment. */
    private void succeed(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = tidemark.process(arguments);
        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
    }
}
