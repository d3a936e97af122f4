package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockConfiguration;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Locks objects in a bucket as they are written, and again when they are needed for longer. Without
 * a lock in the settings it does nothing. Safe for many threads.
 */
final class S3Locks {
    private static final Logger log = LoggerFactory.getLogger(S3Locks.class);
    private static final String CREATE_HINT =
            "Create the bucket with Object Lock, or enable it there; or take archive.s3.object-lock"
                    + " out of the configuration.";

    private final S3Client client;
    private final String bucket;
    private final S3Faults faults;
    private final Optional<S3ObjectLock> lock;
    private final Clock clock;

    S3Locks(
            S3Client client,
            String bucket,
            S3Faults faults,
            Optional<S3ObjectLock> lock,
            Clock clock) {
        this.client = client;
        this.bucket = bucket;
        this.faults = faults;
        this.lock = lock;
        this.clock = clock;
    }

    boolean isOn() {
        return lock.isPresent();
    }

    /** When what is written now is free; a second is the finest that every service takes. */
    private Instant end(S3ObjectLock wanted) {
        return clock.instant().plus(wanted.retain()).truncatedTo(ChronoUnit.SECONDS);
    }

    void addTo(PutObjectRequest.Builder request) {
        lock.ifPresent(
                wanted ->
                        request.objectLockMode(ObjectLockMode.valueOf(wanted.mode().name()))
                                .objectLockRetainUntilDate(end(wanted)));
    }

    void addTo(CreateMultipartUploadRequest.Builder request) {
        lock.ifPresent(
                wanted ->
                        request.objectLockMode(ObjectLockMode.valueOf(wanted.mode().name()))
                                .objectLockRetainUntilDate(end(wanted)));
    }

    /** Locks an object that is there as if it was written now. */
    void renew(String key) throws IOException {
        if (lock.isEmpty()) {
            return;
        }
        Instant end = end(lock.get());
        try {
            client.putObjectRetention(
                    request ->
                            request.bucket(bucket)
                                    .key(key)
                                    .retention(
                                            until ->
                                                    until.mode(mode(lock.get()))
                                                            .retainUntilDate(end)));
        } catch (SdkException e) {
            if (!isForbidden(e) || !isLockedUntil(end, key)) {
                throw faults.explained("lock", key, e);
            }
        }
    }

    private static ObjectLockRetentionMode mode(S3ObjectLock wanted) {
        return ObjectLockRetentionMode.valueOf(wanted.mode().name());
    }

    /** A lock is never made shorter; one of a time when more was configured may be longer. */
    private boolean isLockedUntil(Instant end, String key) {
        try {
            Instant there =
                    client.headObject(request -> request.bucket(bucket).key(key))
                            .objectLockRetainUntilDate();
            return there != null && !there.isBefore(end);
        } catch (SdkException e) {
            return false;
        }
    }

    static boolean isForbidden(SdkException error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() == HttpURLConnection.HTTP_FORBIDDEN;
    }

    /**
     * Can the bucket lock?
     *
     * @throws TidemarkException when it cannot, or nobody may know
     */
    void check() throws IOException {
        if (lock.isEmpty()) {
            return;
        }
        ObjectLockConfiguration there;
        try {
            there =
                    client.getObjectLockConfiguration(request -> request.bucket(bucket))
                            .objectLockConfiguration();
        } catch (SdkException e) {
            if (isWithoutLock(e)) {
                throw withoutLock();
            }
            throw faults.explained("get", "?object-lock", e);
        }
        if (there == null || there.objectLockEnabled() != ObjectLockEnabled.ENABLED) {
            throw withoutLock();
        }
        checkCleared();
    }

    private static boolean isWithoutLock(SdkException error) {
        return error instanceof AwsServiceException answer
                && (answer.statusCode() == HttpURLConnection.HTTP_NOT_IMPLEMENTED
                        || (answer.awsErrorDetails() != null
                                && "ObjectLockConfigurationNotFoundError"
                                        .equals(answer.awsErrorDetails().errorCode())));
    }

    private TidemarkException withoutLock() {
        return TidemarkException.refused(
                "archive.s3.object-lock is set, and bucket '%s' has no Object Lock"
                        .formatted(bucket),
                CREATE_HINT);
    }

    /** Versions that were deleted stay for ever unless a rule of the bucket removes them. */
    private void checkCleared() {
        try {
            boolean isCleared =
                    client
                            .getBucketLifecycleConfiguration(request -> request.bucket(bucket))
                            .rules()
                            .stream()
                            .anyMatch(S3Locks::clears);
            if (!isCleared) {
                warn();
            }
        } catch (SdkException e) {
            boolean isNone =
                    e instanceof AwsServiceException answer
                            && answer.awsErrorDetails() != null
                            && "NoSuchLifecycleConfiguration"
                                    .equals(answer.awsErrorDetails().errorCode());
            if (isNone) {
                warn();
            } // else nobody may ask, or the service has no such rules
        }
    }

    private static boolean clears(LifecycleRule rule) {
        return rule.statusAsString().equals("Enabled")
                && rule.noncurrentVersionExpiration() != null;
    }

    private void warn() {
        log.warn(
                "bucket '{}' has no lifecycle rule that expires noncurrent versions: what is deleted"
                        + " from the archive stays there after its lock ends, and costs",
                bucket);
    }
}
