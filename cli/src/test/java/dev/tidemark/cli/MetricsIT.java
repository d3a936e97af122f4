package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.metrics.PrometheusText;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that is watched while data flows, and while Kafka does not answer. */
class MetricsIT {
    private static final int CHANGES = 500;

    /** A supervisor kills after 10 s; a loaded machine is given more. */
    private static final int END_SECONDS_MAX = 30;

    @TempDir private Path directory;

    @Test
    void aServiceTellsHowFarItIsAndWhenItCannotGoOn() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient();
                Deployment tidemark =
                        Deployment.start(
                                directory,
                                PostgresBinaries.onClassPath(),
                                """
                                segment: {max-age: 1s, idle-age: 2s}
                                capture: {heartbeat: 500ms, takeover-after: 6s}
                                metrics: {listen: "127.0.0.1:0"}
                                objectives: {rpo: 1h}
                                """)) {
            tidemark.execute("crm", "CREATE TABLE public.t (id int PRIMARY KEY)");
            tidemark.execute("postgres", "ALTER SYSTEM SET max_slot_wal_keep_size = '1GB'");
            tidemark.execute("postgres", "SELECT pg_reload_conf()");
            tidemark.succeed("init");
            Process service = tidemark.service("run");
            Watcher watcher = Watcher.ofNewest(tidemark, "run", client);
            watcher.await("/health/ready", 200);

            tidemark.execute(
                    "crm", "INSERT INTO public.t SELECT generate_series(1, " + CHANGES + ")");
            watcher.awaitValue("tidemark_capture_changes_total", CHANGES);
            watcher.awaitValue("tidemark_archiver_changes_total", CHANGES);
            watcher.awaitValue("tidemark_source_up", 1);
            assertMeasured(watcher.scrape());

            tidemark.signalKafka("STOP");
            watcher.await("/health/ready", 503);
            watcher.awaitPart("capture", "silent");
            watcher.awaitPart("archiver", "silent");
            assertThat(watcher.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(watcher.scrape().value("tidemark_ready")).isZero();

            tidemark.signalKafka("CONT");
            watcher.await("/health/ready", 200);

            Deployment.signal(service, "TERM");
            assertThat(service.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
            assertThat(service.exitValue()).as(tidemark.log("run", 0)).isZero();
        }
    }

    @Test
    void aPortInUseIsRefusedBeforeAnythingStarts() throws Exception {
        try (Deployment tidemark =
                Deployment.start(directory, PostgresBinaries.onClassPath(), "# here")) {
            tidemark.execute("crm", "CREATE TABLE public.t (id int PRIMARY KEY)");
            tidemark.succeed("init");
            String taken = "127.0.0.1:" + Integer.parseInt(kafkaPort(tidemark));
            tidemark.reconfigure("# here", "metrics: {listen: \"" + taken + "\"}");

            Outcome outcome = tidemark.tidemark("run");

            assertThat(outcome.code()).isEqualTo(3);
            assertThat(outcome.err())
                    .isEqualTo(
                            """
                            error: cannot listen at %s for metrics: Address already in use
                            HINT: Another process may have the port, or the host is not this machine's: change metrics.listen, or leave it out.
                            """
                                    .formatted(taken));
        }
    }

    private static void assertMeasured(PrometheusText text) {
        assertThat(text.value("tidemark_capture_streaming")).isOne();
        assertThat(text.value("tidemark_archiver_working")).isOne();
        assertThat(text.value("tidemark_capture_acknowledged_position"))
                .isGreaterThanOrEqualTo(text.value("tidemark_archiver_archived_position"));
        assertThat(text.value("tidemark_capture_sent_bytes_total")).isPositive();
        assertThat(text.value("tidemark_capture_lag_seconds")).isBetween(0.0, 3_600.0);
        assertThat(text.value("tidemark_archiver_lag_seconds")).isBetween(0.0, 3_600.0);
        assertThat(text.value("tidemark_rpo_objective_met")).isOne();
        assertThat(text.value("tidemark_slot_held_bytes")).isPositive();
        assertThat(text.value("tidemark_slot_safe_bytes")).isBetween(1.0, 2e9);
        assertThat(text.value("tidemark_slot_wal_status{status=\"reserved\"}")).isOne();
        assertThat(text.value("tidemark_disk_free_bytes{place=\"archive\"}")).isPositive();
    }

    private static String kafkaPort(Deployment tidemark) {
        String servers = tidemark.kafka().bootstrapServers();
        return servers.substring(servers.lastIndexOf(':') + 1);
    }
}
