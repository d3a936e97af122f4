package dev.tidemark.cli.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.cli.config.ListenAddress;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET requests over HTTP, each in a daemon thread of its own: a client that is slow holds
 * up no other, and none holds up {@link #close}.
 */
final class Endpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Endpoint.class);
    private static final int BACKLOG = 16; // a scraper and a few health checks at once

    /** A client that is slower is cut off; more at a time than these are not let in. */
    private static final Map<String, String> LIMITS =
            Map.of(
                    "sun.net.httpserver.maxReqTime", "10",
                    "sun.net.httpserver.maxRspTime", "10",
                    "jdk.httpserver.maxConnections", "64");

    /** What is sent back. */
    record Answer(int status, String type, String body) {}

    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());

    private Endpoint(HttpServer server) {
        this.server = server;
    }

    /**
     * Takes the address; nobody is answered yet.
     *
     * @throws TidemarkException when it cannot be had
     */
    static Endpoint bind(ListenAddress listen) {
        LIMITS.forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
        try {
            return new Endpoint(
                    HttpServer.create(
                            new InetSocketAddress(listen.host(), listen.port()), BACKLOG));
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot listen at %s for metrics: %s"
                            .formatted(listen, TidemarkException.reason(e)),
                    "Another process may have the port, or the host is not this machine's: change metrics.listen, or leave"
                            + " it out.",
                    e);
        }
    }

    /** Answers from here on. */
    void serve(Map<String, Supplier<Answer>> answers) {
        server.setExecutor(threads);
        var unused = server.createContext("/", exchange -> answer(exchange, answers));
        // The server's own thread is a daemon if the one that starts it is.
        Thread.ofPlatform().daemon().name("metrics-start").start(this::start);
    }

    private void start() {
        try {
            server.start();
        } catch (IllegalStateException e) {
            log.debug("closed before it began", e);
        }
    }

    /** The port that was taken. */
    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, Map<String, Supplier<Answer>> answers)
            throws IOException {
        try (exchange) {
            Answer answer = answer(exchange.getRequestMethod(), path(exchange), answers);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            if (answer.status() == 405) {
                exchange.getResponseHeaders().set("Allow", "GET");
            }
            byte[] body = answer.body().getBytes(UTF_8);
            boolean isHead = exchange.getRequestMethod().equals("HEAD"); // it has no body
            exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static String path(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("");
    }

    private static Answer answer(
            String method, String path, Map<String, Supplier<Answer>> answers) {
        Supplier<Answer> known = answers.get(path);
        if (known == null) {
            return plain(404, "not here: " + String.join(", ", answers.keySet()) + "\n");
        }
        return method.equals("GET") ? known.get() : plain(405, "only GET\n");
    }

    private static Answer plain(int status, String text) {
        return new Answer(status, "text/plain; charset=utf-8", text);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
