package dev.tidemark.cli.metrics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.cli.config.Configuration;
import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.TidemarkException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObservationTest {
    private static final String ANY_PORT = "metrics: {listen: \"127.0.0.1:0\"}";

    @TempDir private Path directory;

    @Test
    void metricsAreServedAsPrometheusText() throws Exception {
        try (Observation observation = begun(Fakes.services())) {
            HttpResponse<String> answer = send(observation, "GET", "/metrics");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValue("text/plain; version=0.0.4; charset=utf-8");
            PrometheusText text = PrometheusText.parse(answer.body());
            assertThat(text.value("tidemark_capture_changes_total")).isEqualTo(1_234);
            assertThat(text.value("tidemark_archiver_manifest_number")).isEqualTo(11);
            assertThat(text.value("tidemark_info{version=\"" + ProgramVersion.text() + "\"}"))
                    .isOne();
            assertThat(answer.body()).doesNotContain("hunter2").doesNotContain("postgresql:");
        }
    }

    @Test
    void healthSaysWhichPartIsHow() throws Exception {
        List<ServiceState> services = Fakes.services();
        try (Observation observation = begun(services)) {
            HttpResponse<String> ready = send(observation, "GET", "/health/ready");

            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.headers().firstValue("Content-Type")).hasValue("application/json");
            assertThat(ready.body())
                    .isEqualTo(
                            """
                            {
                              "live" : true,
                              "ready" : true,
                              "parts" : {
                                "capture" : "streaming",
                                "table-bases" : "running",
                                "archiver" : "working"
                              }
                            }
                            """);

            services.get(2).retrying();
            assertThat(send(observation, "GET", "/health/ready").statusCode()).isEqualTo(503);
            assertThat(send(observation, "GET", "/health/ready").body())
                    .contains("\"archiver\" : \"retrying\"");
            assertThat(send(observation, "GET", "/health/live").statusCode()).isEqualTo(200);

            services.get(2).ended();
            assertThat(send(observation, "GET", "/health/live").statusCode()).isEqualTo(503);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/metrics/", "/metrics2", "/health", "/%2e%2e/etc/passwd"})
    void anUnknownPathIsNotFound(String path) throws Exception {
        try (Observation observation = begun(Fakes.services())) {
            HttpResponse<String> answer = send(observation, "GET", path);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body())
                    .isEqualTo("not here: /health/live, /health/ready, /metrics\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, /metrics", "DELETE, /health/live", "PUT, /health/ready", "HEAD, /metrics"})
    void otherMethodsAreNotAllowed(String method, String path) throws Exception {
        try (Observation observation = begun(Fakes.services())) {
            HttpResponse<String> answer = send(observation, method, path);

            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
            assertThat(answer.body()).isEqualTo(method.equals("HEAD") ? "" : "only GET\n");
        }
    }

    @Test
    void aPortInUseIsRefused() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Configuration configuration =
                    Fakes.configuration(
                            directory,
                            "metrics: {listen: \"127.0.0.1:" + other.getLocalPort() + "\"}");

            TidemarkException error =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> Observation.bind(configuration, Fakes.CLOCK));

            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
            assertThat(error)
                    .hasMessage(
                            "cannot listen at 127.0.0.1:"
                                    + other.getLocalPort()
                                    + " for metrics: Address already in use");
            assertThat(error.hint())
                    .isEqualTo(
                            "Another process may have the port, or the host is not this machine's: change metrics.listen, or"
                                    + " leave it out.");
        }
    }

    @Test
    void withoutAnAddressNothingListens() throws Exception {
        try (Observation observation =
                Observation.bind(Fakes.configuration(directory, ""), Fakes.CLOCK)) {
            observation.begin(Fakes.observed(Fakes.services()));

            assertThat(observation.port()).isEmpty();
        }
    }

    @Test
    void aClientThatSaysNothingHoldsUpNobody() throws Exception {
        Observation observation = begun(Fakes.services());
        try (observation;
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), port(observation));
                Socket half = new Socket(InetAddress.getLoopbackAddress(), port(observation))) {
            half.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost:".getBytes(US_ASCII));

            assertThat(send(observation, "GET", "/health/live").statusCode()).isEqualTo(200);
            assertThat(silent.isConnected()).isTrue();

            long start = System.nanoTime();
            observation.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    private Observation begun(List<ServiceState> services) throws Exception {
        Observation observation =
                Observation.bind(Fakes.configuration(directory, ANY_PORT), Fakes.CLOCK);
        observation.begin(Fakes.observed(services));
        return observation;
    }

    private static int port(Observation observation) {
        return observation.port().orElseThrow();
    }

    private static HttpResponse<String> send(Observation observation, String method, String path)
            throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(
                                    URI.create("http://127.0.0.1:" + port(observation) + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
