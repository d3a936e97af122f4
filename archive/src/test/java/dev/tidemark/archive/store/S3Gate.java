package dev.tidemark.archive.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before an S3 server and refuses requests as AWS S3 does: with a status and, but for HEAD,
 * an XML body that has the code. What it lets pass reaches the server byte for byte, since the
 * signature covers it.
 *
 * <p>https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
public final class S3Gate implements AutoCloseable {
    private static final int HEAD_BYTES_MAX = 64 * 1024;

    /** What S3 says to any request while the bucket is gone. */
    public static final Answer NO_SUCH_BUCKET = new Refusal(404, "NoSuchBucket");

    /** What S3 says to temporary credentials that were not renewed. */
    public static final Answer EXPIRED_TOKEN = new Refusal(400, "ExpiredToken");

    /** What becomes of a request. */
    public sealed interface Answer {}

    /** The server gets it, and answers. */
    public record Pass() implements Answer {}

    /** The server gets it, and its answer is lost on the way: the client is told of an error. */
    public record Lose() implements Answer {}

    /** The server does not get it. */
    public record Refusal(int status, String code) implements Answer {}

    /** What answers is no S3 service at all; the server does not get it. */
    public record Page(int status) implements Answer {}

    /** The server does not get it, since it knows no such requests; this is its answer. */
    public record Said(int status, String body, String header) implements Answer {
        Said(int status, String body) {
            this(status, body, "X-Nothing: more");
        }
    }

    /** Decides what becomes of requests; asked by many threads. */
    public interface Rule {
        Answer answer(Request request);
    }

    /** A request's first lines. */
    public record Request(String method, String path, Map<String, String> headers) {
        boolean isWrite() {
            return method.equals("PUT") || method.equals("POST");
        }

        /** The time that it was signed with. */
        Instant signed() {
            String time = headers.getOrDefault("x-amz-date", "");
            return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX", Locale.ROOT)
                    .parse(time, Instant::from);
        }

        /** The session token of temporary credentials. */
        Optional<String> token() {
            return Optional.ofNullable(headers.get("x-amz-security-token"));
        }
    }

    private final ServerSocket socket;
    private final URI server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Rule rule = request -> new Pass();
    private volatile Clock clock = Clock.systemUTC();

    private S3Gate(URI server) throws IOException {
        this.server = server;
        this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** One that lets all pass. */
    public static S3Gate before(S3Server server) throws IOException {
        var gate = new S3Gate(server.endpoint());
        Thread.ofVirtual().start(gate::accept);
        return gate;
    }

    /** What holds for all requests from now on. */
    public void answer(Rule rule) {
        this.rule = rule;
    }

    public void refuse(Answer answer) {
        answer(request -> answer);
    }

    public void letPass() {
        answer(request -> new Pass());
    }

    /** The first write arrives, but its answer is lost; what comes after it is refused. */
    public void loseOneWriteThen(Answer refusal) {
        var isFirst = new AtomicBoolean(true);
        answer(
                request ->
                        request.isWrite() && isFirst.getAndSet(false)
                                ? new Lose()
                                : isFirst.get() ? new Pass() : refusal);
    }

    /** What the service's answers are dated by. */
    void clock(Clock clock) {
        this.clock = clock;
    }

    /** How many requests came since this was asked last. */
    int takeRequests() {
        return requests.getAndSet(0);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    S3Settings settings() {
        return new S3Settings(Optional.of(endpoint()), Optional.empty(), true);
    }

    /** The objects below a prefix, through this gate. */
    public ObjectStore store(String prefix) {
        return new S3ObjectStore(S3Server.BUCKET, prefix, settings(), S3Server.CREDENTIALS);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // it was closed
            }
        }
    }

    /** One request for each connection. */
    private void serve(Socket client) {
        try (client) {
            var in = new BufferedInputStream(client.getInputStream());
            byte[] head = head(in);
            Request request = request(head);
            requests.incrementAndGet();
            OutputStream out = client.getOutputStream();
            switch (rule.answer(request)) {
                case Pass() -> pass(head, in, out);
                case Lose() -> {
                    pass(head, in, OutputStream.nullOutputStream());
                    refuse(request, new Refusal(500, "InternalError"), out);
                }
                case Refusal refusal -> {
                    drain(request, in, out);
                    refuse(request, refusal, out);
                }
                case Said(int status, String body, String header) -> {
                    drain(request, in, out);
                    write(request, status, "application/xml\r\n" + header, body, out);
                }
                case Page(int status) -> {
                    drain(request, in, out);
                    write(request, status, "text/html", "<html>nothing here</html>", out);
                }
            }
        } catch (IOException e) {
            // The client went away, or the server did: the other side sees a connection that broke.
        }
    }

    private void pass(byte[] head, InputStream in, OutputStream out) throws IOException {
        try (var upstream = new Socket(server.getHost(), server.getPort())) {
            String closing =
                    new String(head, StandardCharsets.ISO_8859_1)
                            .replaceFirst("(?i)\r\nConnection: [^\r]*", "")
                            .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
            upstream.getOutputStream().write(closing.getBytes(StandardCharsets.ISO_8859_1));
            Thread.ofVirtual().start(() -> send(in, upstream));
            upstream.getInputStream().transferTo(out);
        }
    }

    private static void send(InputStream in, Socket upstream) {
        try {
            in.transferTo(upstream.getOutputStream());
        } catch (IOException e) {
            // One of the two has all that it wants.
        }
    }

    /** An answer before the whole request was sent would break the connection off. */
    private static void drain(Request request, InputStream in, OutputStream out)
            throws IOException {
        if (request.headers().containsKey("expect")) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
        in.skipNBytes(Long.parseLong(request.headers().getOrDefault("content-length", "0")));
    }

    private void refuse(Request request, Refusal refusal, OutputStream out) throws IOException {
        String body =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>as S3 says</Message></Error>"
                        .formatted(refusal.code);
        write(request, refusal.status, "application/xml", body, out);
    }

    private void write(Request request, int status, String type, String body, OutputStream out)
            throws IOException {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        clock.instant().atOffset(ZoneOffset.UTC));
        boolean hasBody = !request.method.equals("HEAD");
        String answer =
                "HTTP/1.1 %d no\r\nDate: %s\r\nContent-Type: %s\r\n%sConnection: close\r\n\r\n%s"
                        .formatted(
                                status,
                                date,
                                type,
                                hasBody ? "Content-Length: %d\r\n".formatted(body.length()) : "",
                                hasBody ? body : "");
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static byte[] head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0 || head.size() == HEAD_BYTES_MAX) {
                throw new EOFException("no whole request");
            }
            head.write(next);
        }
        return head.toByteArray();
    }

    private static Request request(byte[] head) {
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        String[] first = lines[0].split(" ", -1);
        Map<String, String> headers = new HashMap<>();
        for (String line : List.of(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return new Request(first[0], first[1], Map.copyOf(headers));
    }
}
