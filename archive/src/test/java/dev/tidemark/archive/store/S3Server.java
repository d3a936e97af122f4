package dev.tidemark.archive.store;

import dev.tidemark.archive.Certificate;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A real S3 server in this process, on a free port; it knows one pair of credentials. */
public final class S3Server implements AutoCloseable {
    /** The one bucket that it has. */
    public static final String BUCKET = "backups";

    public static final String ID = "tidemark";
    public static final String SECRET = "secret";
    static final AwsCredentialsProvider CREDENTIALS = credentials(ID, SECRET);

    private final S3Proxy server;

    S3Server(BlobStore objects) throws Exception {
        this(objects, builder -> builder.endpoint(URI.create("http://127.0.0.1:0")));
    }

    private S3Server(BlobStore objects, Consumer<S3Proxy.Builder> endpoint) throws Exception {
        if (!objects.containerExists(BUCKET)) {
            objects.createContainer(BUCKET);
        }
        S3Proxy.Builder builder =
                S3Proxy.builder()
                        .blobStore(objects)
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ID, SECRET)
                        .stopTimeout(0)
                        // S3Gate looks at clocks and session tokens where a test is about them.
                        .ignoreUnknownHeaders(true)
                        .maximumTimeSkew(Math.toIntExact(Duration.ofDays(1).toSeconds()));
        endpoint.accept(builder);
        server = builder.build();
        server.start();
    }

    /** One that speaks TLS alone. */
    static S3Server secured(Certificate certificate) throws Exception {
        return new S3Server(
                new TransientNio2BlobStore(),
                builder ->
                        builder.secureEndpoint(URI.create("https://127.0.0.1:0"))
                                .keyStore(certificate.store().toString(), Certificate.PASSWORD));
    }

    /** Where one that speaks TLS listens. */
    URI securedEndpoint() {
        return URI.create("https://127.0.0.1:" + server.getSecurePort());
    }

    /** Starts a server whose bucket is empty and lives in memory. */
    public static S3Server start() throws Exception {
        return new S3Server(new TransientNio2BlobStore());
    }

    /** What a program needs to be let in. */
    public static Map<String, String> environment() {
        return Map.of("AWS_ACCESS_KEY_ID", ID, "AWS_SECRET_ACCESS_KEY", SECRET);
    }

    static AwsCredentialsProvider credentials(String id, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    S3Settings settings() {
        return new S3Settings(Optional.of(endpoint()), Optional.empty(), true);
    }

    /** The objects below a prefix of its bucket. */
    public ObjectStore store(String prefix) {
        return new S3ObjectStore(BUCKET, prefix, settings(), CREDENTIALS);
    }

    /** The objects below a prefix of a bucket of another server that knows the same credentials. */
    public static ObjectStore storeAt(URI endpoint, String bucket, String prefix) {
        var settings = new S3Settings(Optional.of(endpoint), Optional.empty(), true);
        return new S3ObjectStore(bucket, prefix, settings, CREDENTIALS);
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }
}
