package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.metrics.PrometheusText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a monitoring system does with a service. */
record Watcher(HttpClient client, Deployment tidemark, String address) {
    private static final Pattern LISTENS = Pattern.compile("metrics at (http://[0-9.:]+)/metrics");

    /** Of the service that was started last; returns when it listens. */
    static Watcher ofNewest(Deployment tidemark, String command, HttpClient client) {
        Deployment.await(
                () -> "the service to listen; it said:\n" + tidemark.newestLog(command),
                () -> tidemark.newestLog(command).contains("metrics at "));
        Matcher listens = LISTENS.matcher(tidemark.newestLog(command));
        assertThat(listens.find()).isTrue();
        return new Watcher(client, tidemark, listens.group(1));
    }

    HttpResponse<String> get(String path) {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address + path))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    PrometheusText scrape() {
        return PrometheusText.parse(get("/metrics").body());
    }

    void await(String path, int status) {
        Deployment.await(
                () ->
                        "%s to be %d; it is %s; the services said:%n%s"
                                .formatted(path, status, get(path).body(), tidemark.logs()),
                () -> get(path).statusCode() == status);
    }

    /** Until the health check has this word for a part. */
    void awaitPart(String part, String word) {
        Deployment.await(
                () ->
                        "%s to be %s; it is %s; the services said:%n%s"
                                .formatted(
                                        part, word, get("/health/ready").body(), tidemark.logs()),
                () ->
                        get("/health/ready")
                                .body()
                                .contains("\"%s\" : \"%s\"".formatted(part, word)));
    }

    void awaitValue(String meter, double atLeast) {
        Deployment.await(
                () ->
                        "%s to reach %s; all is:%n%s%nthe services said:%n%s"
                                .formatted(meter, atLeast, get("/metrics").body(), tidemark.logs()),
                () -> scrape().value(meter) >= atLeast);
    }
}
