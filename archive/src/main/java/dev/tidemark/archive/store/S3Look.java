package dev.tidemark.archive.store;

import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Looks at objects without reading them.
 *
 * <p>An answer to HEAD has no body, and so no code: 404 is a missing object as well as a bucket
 * that is gone, 400 a token that has expired. A listing, whose answers have bodies, is asked which.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
final class S3Look {
    private final S3Client client;
    private final String bucket;
    private final S3Faults faults;

    S3Look(S3Client client, String bucket, S3Faults faults) {
        this.client = client;
        this.bucket = bucket;
        this.faults = faults;
    }

    /** Empty: the bucket is there, and no such object in it. */
    Optional<HeadObjectResponse> at(String key) throws IOException {
        try {
            return Optional.of(client.headObject(request -> request.bucket(bucket).key(key)));
        } catch (SdkException e) {
            if (S3Faults.isRefusal(e)) {
                askBucket(key);
            }
            if (S3Faults.isNoSuchObject(e)) {
                return Optional.empty();
            }
            throw faults.explained("look at", key, e);
        }
    }

    /** Throws what is wrong with the bucket or the credentials, if anything is. */
    private void askBucket(String key) throws IOException {
        try {
            client.listObjectsV2(request -> request.bucket(bucket).prefix(key).maxKeys(1));
        } catch (SdkException e) {
            throw faults.explained("look at", key, e);
        }
    }
}
