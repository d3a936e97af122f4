package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.cli.SourceServer;
import dev.tidemark.cli.Truth;
import dev.tidemark.cli.demo.CrmFill;
import dev.tidemark.cli.demo.CrmSchema;
import dev.tidemark.cli.demo.CrmWorkload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compose files as they are written: brought up, worked with, restored from, brought down. */
@OnDocker
final class ComposeIT {
    private static final int SEED = 1;
    private static final double SCALE = 0.05;
    private static final int SESSIONS = 3;
    private static final int POSTGRES_PORT = 5432;
    private static final String ALERTS_TEST = "/etc/prometheus/alerts.test.yml";
    private static final int PROMETHEUS_PORT = 9090;

    /** Some work before and after what happens. */
    private static final Duration WORK = Duration.ofSeconds(5);

    private static final Duration CAPTURED_MAX = Duration.ofMinutes(2);
    private static final Duration SCRAPED_MAX = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    @TempDir private Path directory;

    private interface Disturbance {
        void run() throws IOException, InterruptedException;
    }

    @Test
    void servicesThatEndAreStartedAgainAndNothingIsLost() throws Exception {
        try (Compose compose = new Compose(directory, false)) {
            compose.succeed("up", "--detach");

            assertRestoredAfter(
                    compose,
                    () -> {
                        compose.killProgram("capture");
                        compose.killProgram("archiver");
                    });

            awaitScraped(compose, Map.of("capture", "up", "archiver", "up"));
            compose.succeed("exec", "-T", "prometheus", "promtool", "test", "rules", ALERTS_TEST);
        }
    }

    @Tag("long")
    @Test
    void oneOfThreeBrokersAndOneOfTwoServicesMayBeAway() throws Exception {
        try (Compose compose = new Compose(directory, true)) {
            compose.succeed("up", "--detach");

            String capture = atWork(compose, "capture", "capturing source");
            String archiver = atWork(compose, "archiver", "archiving 'tidemark.crm'");

            assertRestoredAfter(
                    compose, () -> compose.succeed("kill", "kafka-2", capture, archiver));

            awaitScraped(compose, Map.of(other(capture), "up", other(archiver), "up"));
        }
    }

    /** The one of two services that said so: the other stands by. */
    private static String atWork(Compose compose, String service, String words) throws Exception {
        long end = System.nanoTime() + CAPTURED_MAX.toNanos();
        while (true) {
            for (String one : List.of(service, other(service))) {
                if (compose.succeed("logs", one).contains(words)) {
                    return one;
                }
            }
            assertThat(System.nanoTime()).as("said '%s' in time", words).isLessThan(end);
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static String other(String service) {
        return service.endsWith("-2") ? service.replace("-2", "") : service + "-2";
    }

    private static void assertRestoredAfter(Compose compose, Disturbance disturbance)
            throws Exception {
        String address = compose.address("postgres", POSTGRES_PORT);
        SourceServer server = new SourceServer(() -> address, Optional.of(compose.password()));
        try (Connection connection = server.connect("crm")) {
            CrmSchema.create(connection);
            new CrmFill(SEED, SCALE).fill(connection);
        }
        Truth during;
        CrmWorkload.Load load = CrmWorkload.Load.endless(SEED, SESSIONS);
        try (CrmWorkload workload = new CrmWorkload(server.dataSource("crm"), load)) {
            workload.start();
            LockSupport.parkNanos(WORK.toNanos());
            disturbance.run();
            workload.pause(); // what a TRUNCATE emptied, older snapshots see empty too
            during = server.truth("crm");
            workload.resume();
            LockSupport.parkNanos(WORK.toNanos());
            assertThat(workload.failures()).isEmpty();
        }

        awaitCaptured(server);
        assertThat(compose.tidemark("drill", "--require-source")).contains("equal to the source");
        server.execute("postgres", "CREATE DATABASE restored");
        compose.tidemark(
                "restore",
                "--to",
                during.position().toString(),
                "--into",
                "postgresql://postgres@postgres:5432/restored");
        assertThat(server.rows("restored")).isEqualTo(during.tables());
    }

    /** A drill refuses to compare with a source that nobody captures. */
    private static void awaitCaptured(SourceServer server) throws Exception {
        long end = System.nanoTime() + CAPTURED_MAX.toNanos();
        while (!server.ask("crm", "SELECT bool_or(active) FROM pg_replication_slots").equals("t")) {
            assertThat(System.nanoTime()).as("captured in time").isLessThan(end);
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /** Waits until Prometheus has met these, and no others, in that state. */
    private static void awaitScraped(Compose compose, Map<String, String> states) throws Exception {
        long end = System.nanoTime() + SCRAPED_MAX.toNanos();
        Map<String, String> found = scraped(compose);
        while (!found.equals(states) && System.nanoTime() < end) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            found = scraped(compose);
        }
        assertThat(found).isEqualTo(states);
    }

    private static Map<String, String> scraped(Compose compose)
            throws IOException, InterruptedException {
        String address = compose.address("prometheus", PROMETHEUS_PORT);
        URI targets = URI.create("http://" + address + "/api/v1/targets?state=active");
        String found =
                HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(targets).build(), BodyHandlers.ofString())
                        .body();
        Map<String, String> states = new TreeMap<>();
        for (JsonNode target : new ObjectMapper().readTree(found).at("/data/activeTargets")) {
            states.put(target.at("/labels/service").asText(), target.at("/health").asText());
        }
        return states;
    }
}
