package dev.tidemark.archive.store;

import static dev.tidemark.archive.store.ObjectStoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.archive.store.TroubledBuckets.Trouble;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.TidemarkException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/** What the S3 store does when the service, or the way to it, is in trouble. */
final class S3FaultsTest {
    private static final int TWO_PARTS_BYTES = 17 * 1024 * 1024;

    /** What a service has to stop; without an interrupt the client waits for 30 s. */
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    @TempDir Path folder;
    private Optional<S3Server> server = Optional.empty();

    @AfterEach
    void stopServer() throws Exception {
        if (server.isPresent()) {
            server.get().close();
        }
    }

    @Test
    void probeNamesAStoreThatIgnoresIfNoneMatch() throws Exception {
        var buckets = new TroubledBuckets(Trouble.IGNORES_CONDITIONS);
        ObjectStore store = start(buckets).store("crm");

        assertThatThrownBy(store::probe)
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "archive 's3://backups/crm' created the same name twice: it ignores"
                                + " If-None-Match")
                .extracting("kind", "hint")
                .containsExactly(
                        Kind.REFUSED,
                        "Use a service that honours If-None-Match on PUT (AWS S3, MinIO, Ceph and"
                                + " Cloudflare R2 do), or a local folder. Without it two archivers"
                                + " could overwrite each other's manifests.");
        assertNoObjects(buckets.buckets());
    }

    @Test
    void aLostAnswerToPutIfAbsentIsFoundOut() throws Exception {
        var buckets = new TroubledBuckets(Trouble.LOSES_THE_FIRST_ANSWER);
        ObjectStore store = start(buckets).store("crm");

        assertThat(store.putIfAbsent("a", bytes("own"))).isTrue();
        assertThat(buckets.calls()).isEqualTo(2);
        assertThat(store.putIfAbsent("a", bytes("another's"))).isFalse();
    }

    @Test
    void aLostAnswerToALargePutIsFoundOut() throws Exception {
        var buckets = new TroubledBuckets(Trouble.LOSES_THE_FIRST_ANSWER);
        ObjectStore store = start(buckets).store("crm");

        store.put("large", large());

        assertThat(buckets.calls()).isGreaterThan(1);
        assertThat(store.size("large")).isEqualTo(TWO_PARTS_BYTES);
        assertThatThrownBy(() -> store.put("large", large()))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage("large");
    }

    @Test
    void aConflictIsTriedAgain() throws Exception {
        var buckets = new TroubledBuckets(Trouble.CONFLICTS_TWICE);
        ObjectStore store = start(buckets).store("crm");

        assertThat(store.putIfAbsent("a", bytes("own"))).isTrue();
        assertThat(buckets.calls()).isEqualTo(3);
    }

    @Test
    void aConflictThatStaysIsAnError() throws Exception {
        var buckets = new TroubledBuckets(Trouble.CONFLICTS_ALWAYS);
        ObjectStore store = start(buckets).store("crm");

        assertThatThrownBy(() -> store.putIfAbsent("a", bytes("own")))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("cannot put 'crm/a' in bucket 'backups': HTTP status 409");
        assertThat(buckets.calls()).isEqualTo(5);
    }

    @Test
    void anUploadThatFailsLeavesNoParts() throws Exception {
        var buckets = new TroubledBuckets(Trouble.FAILS_THE_SECOND_PART);
        ObjectStore store = start(buckets).store("crm");

        assertThatThrownBy(() -> store.put("large", large()))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage(
                        "cannot put 'crm/large' in bucket 'backups': BadDigest (HTTP status 400)");
        assertThat(buckets.buckets().listMultipartUploads(S3Server.BUCKET)).isEmpty();
        assertNoObjects(buckets.buckets());
    }

    @Test
    void accessThatIsDeniedIsTold() throws Exception {
        ObjectStore store = start(new TroubledBuckets(Trouble.DENIES)).store("crm");

        assertFault(
                store,
                Kind.FAILED,
                "cannot list 'crm/' in bucket 'backups': AccessDenied (HTTP status 403)",
                "Allow these credentials s3:ListBucket on the bucket, and s3:GetObject,"
                        + " s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its"
                        + " objects.");
    }

    @Test
    void aMissingBucketIsTold() throws Exception {
        S3Settings settings = start(new TroubledBuckets(Trouble.CONFLICTS_TWICE)).settings();
        var store = new S3ObjectStore("absent", "crm", settings, S3Server.CREDENTIALS);

        assertFault(
                store,
                Kind.FAILED,
                "cannot list 'crm/' in bucket 'absent': bucket 'absent' does not exist",
                "Correct 'archive.url', or create the bucket. One that held an archive has to come"
                        + " back with its objects.");
        assertThatThrownBy(() -> store.get("a"))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "cannot get 'crm/a' in bucket 'absent': bucket 'absent' does not exist");
    }

    @Test
    void wrongCredentialsAreTold() throws Exception {
        S3Settings settings = start(new TroubledBuckets(Trouble.CONFLICTS_TWICE)).settings();
        AwsCredentialsProvider unknown = S3Server.credentials("nobody", "secret");
        AwsCredentialsProvider wrong = S3Server.credentials("tidemark", "wrong");
        String hint =
                "The service does not know these credentials. Check AWS_ACCESS_KEY_ID and"
                        + " AWS_SECRET_ACCESS_KEY, or the profile.";

        assertFault(
                new S3ObjectStore("backups", "", settings, unknown),
                Kind.FAILED,
                "cannot list '' in bucket 'backups': InvalidAccessKeyId (HTTP status 403)",
                hint);
        assertFault(
                new S3ObjectStore("backups", "", settings, wrong),
                Kind.FAILED,
                "cannot list '' in bucket 'backups': SignatureDoesNotMatch (HTTP status 403)",
                hint);
    }

    @Test
    void missingCredentialsAreTold() throws Exception {
        S3Settings settings = start(new TroubledBuckets(Trouble.CONFLICTS_TWICE)).settings();
        AwsCredentialsProvider none =
                AwsCredentialsProviderChain.of(
                        ProfileCredentialsProvider.builder()
                                .profileFile(ProfileFile.aggregator().build())
                                .build());
        var store = new S3ObjectStore("backups", "crm", settings, none);

        assertFault(
                store,
                Kind.FAILED,
                "no S3 credentials found",
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, name a"
                        + " profile in AWS_PROFILE, or give this machine a role.");
        assertThatThrownBy(() -> store.get("a"))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("no S3 credentials found");
    }

    @Test
    void anEndpointThatDoesNotAnswerIsTold() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertFault(
                storeAt(port),
                Kind.FAILED,
                "cannot use archive 's3://backups/crm': Connection refused",
                "Check 'archive.url', 'archive.s3.endpoint', the network, and whether the service"
                        + " is up.");
        assertThatThrownBy(() -> storeAt(port).get("a"))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage("cannot get 'crm/a' in bucket 'backups': Connection refused");
    }

    @Test
    void anAnswerThatBreaksOffIsReadAgain() throws Exception {
        HttpServer half = halfAnswering(2);
        try {
            ObjectStore store = storeAt(half.getAddress().getPort());

            assertThat(store.get("a")).isEqualTo(bytes("0123456789"));
        } finally {
            half.stop(0);
        }
    }

    @Test
    void anAnswerThatAlwaysBreaksOffIsNoObject() throws Exception {
        HttpServer half = halfAnswering(Integer.MAX_VALUE);
        try {
            ObjectStore store = storeAt(half.getAddress().getPort());
            Path target = folder.resolve("target");

            assertThatThrownBy(() -> store.get("a"))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage("cannot get 'crm/a' in bucket 'backups': Premature EOF");
            assertThatThrownBy(() -> store.download("a", target))
                    .isExactlyInstanceOf(IOException.class);
            assertThat(target).doesNotExist();
        } finally {
            half.stop(0);
        }
    }

    @Test
    void anInterruptedThreadGetsAnErrorAndStaysInterrupted() throws Exception {
        ObjectStore store = start(new TroubledBuckets(Trouble.CONFLICTS_ALWAYS)).store("crm");
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store.putIfAbsent("a", bytes("x")))
                .isInstanceOf(InterruptedIOException.class)
                .hasMessage("cannot put 'crm/a' in bucket 'backups': interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Waiting.class)
    void anInterruptEndsACallToAServiceThatSaysNothing(Waiting waiting) throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ObjectStore store = storeAt(silent.getLocalPort())) {
            Path file = Files.write(folder.resolve("file"), bytes("x"));
            var ended = new LinkedBlockingQueue<Exception>();
            Thread thread =
                    Thread.ofPlatform().daemon().start(() -> waiting.call(store, file, ended));
            try (Socket connection = silent.accept()) {
                assertThat(connection.getInputStream().read()).as("a request").isNotNegative();

                thread.interrupt();

                assertThat(ended.poll(STOP_MAX.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOf(InterruptedIOException.class)
                        .hasMessageEndingWith(": interrupted");
            }
        }
    }

    /** A call that waits for its answer. */
    private enum Waiting {
        PUT_IF_ABSENT,
        PUT,
        GET,
        SIZE,
        LIST,
        DELETE;

        void call(ObjectStore store, Path file, Queue<Exception> ended) {
            try {
                call(store, file);
            } catch (IOException | RuntimeException e) {
                ended.add(e);
            }
        }

        private void call(ObjectStore store, Path file) throws IOException {
            switch (this) {
                case PUT_IF_ABSENT -> store.putIfAbsent("a", bytes("x"));
                case PUT -> store.put("a", file);
                case GET -> store.get("a");
                case SIZE -> store.size("a");
                case LIST -> store.list("", "", 1);
                case DELETE -> store.delete("a");
            }
        }
    }

    @Test
    void objectsThatAreNotTheArchivesAreNotListed() throws Exception {
        var buckets = new TroubledBuckets(Trouble.CONFLICTS_TWICE);
        S3Server running = start(buckets);
        var other = new S3ObjectStore("backups", "", running.settings(), S3Server.CREDENTIALS);
        other.createOwn("crm/folder/", new byte[0]);
        other.createOwn("crm/.probe/left-by-a-crash", new byte[0]);
        other.putIfAbsent("crm-2/a", new byte[0]);
        other.putIfAbsent("crm/a", new byte[0]);

        assertThat(running.store("crm").list("", "", 1)).containsExactly("a");
    }

    private static void assertFault(ObjectStore store, Kind kind, String message, String hint) {
        assertThatThrownBy(store::probe)
                .isInstanceOf(TidemarkException.class)
                .hasMessage(message)
                .extracting("kind", "hint")
                .containsExactly(kind, hint);
    }

    private static void assertNoObjects(BlobStore buckets) {
        assertThat(buckets.list(S3Server.BUCKET).contents()).isEmpty();
    }

    private S3Server start(TroubledBuckets buckets) throws Exception {
        var started = new S3Server(buckets);
        server = Optional.of(started);
        return started;
    }

    private static ObjectStore storeAt(int port) {
        var settings =
                new S3Settings(
                        Optional.of(URI.create("http://127.0.0.1:" + port)),
                        Optional.empty(),
                        true);
        return new S3ObjectStore("backups", "crm", settings, S3Server.CREDENTIALS);
    }

    /** A server whose first answers end in the middle. */
    private static HttpServer halfAnswering(int times) throws IOException {
        var answers = new AtomicInteger();
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer half = HttpServer.create(address, 0);
        half.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, 10);
                    boolean isWhole = answers.incrementAndGet() > times;
                    OutputStream body = exchange.getResponseBody();
                    body.write(bytes(isWhole ? "0123456789" : "01234"));
                    body.flush();
                    exchange.close();
                });
        half.start();
        return half;
    }

    private Path large() throws IOException {
        return Files.write(folder.resolve("large"), new byte[TWO_PARTS_BYTES]);
    }
}
