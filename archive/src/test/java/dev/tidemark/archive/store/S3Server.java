package dev.tidemark.archive.store;

import java.net.URI;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A real S3 server in this process, on a free port; it knows one pair of credentials. */
final class S3Server {
    static final String BUCKET = "backups";
    static final AwsCredentialsProvider CREDENTIALS = credentials("tidemark", "secret");

    private final S3Proxy server;

    S3Server(BlobStore objects) throws Exception {
        if (!objects.containerExists(BUCKET)) {
            objects.createContainer(BUCKET);
        }
        server =
                S3Proxy.builder()
                        .blobStore(objects)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "tidemark", "secret")
                        .stopTimeout(0)
                        .build();
        server.start();
    }

    static AwsCredentialsProvider credentials(String id, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
    }

    S3Settings settings() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getPort());
        return new S3Settings(Optional.of(endpoint), Optional.empty(), true);
    }

    ObjectStore store(String prefix) {
        return new S3ObjectStore(BUCKET, prefix, settings(), CREDENTIALS);
    }

    void stop() throws Exception {
        server.stop();
    }
}
