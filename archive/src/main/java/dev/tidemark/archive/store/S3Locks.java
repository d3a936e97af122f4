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
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
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
            if (!isAnswer(e)) {
                throw faults.explained("lock", key, e);
            }
            refuseUnlessLockedUntil(end, key, e);
        }
    }

    /** Services differ in how they refuse to make a lock shorter. */
    private static boolean isAnswer(SdkException error) {
        return error instanceof AwsServiceException answer && answer.statusCode() < 500;
    }

    /** A lock is never made shorter, nor less strict; one of other settings may be longer. */
    private void refuseUnlessLockedUntil(Instant end, String key, SdkException refusal)
            throws IOException {
        HeadObjectResponse there =
                head(key).orElseThrow(() -> faults.explained("lock", key, refusal));
        Instant until = there.objectLockRetainUntilDate();
        if (until != null && !until.isBefore(end)) {
            return;
        }
        if (until != null
                && there.objectLockMode() == ObjectLockMode.COMPLIANCE
                && lock.filter(wanted -> wanted.mode() != S3ObjectLock.Mode.COMPLIANCE)
                        .isPresent()) {
            throw TidemarkException.refused(
                    "'%s' in bucket '%s' is locked in the mode compliance until %s, and cannot be locked for longer in the mode governance"
                            .formatted(key, bucket, until),
                    "Set archive.s3.object-lock.mode to compliance again, at least until then.",
                    refusal);
        }
        throw faults.explained("lock", key, refusal);
    }

    private Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(client.headObject(request -> request.bucket(bucket).key(key)));
        } catch (SdkException e) {
            return Optional.empty();
        }
    }

    /** Does a lock keep an object now? False without a lock in the settings. */
    boolean isHeld(String key) {
        return lock.isPresent()
                && head(key)
                        .map(HeadObjectResponse::objectLockRetainUntilDate)
                        .filter(until -> until.isAfter(clock.instant()))
                        .isPresent();
    }

    private static ObjectLockRetentionMode mode(S3ObjectLock wanted) {
        return ObjectLockRetentionMode.valueOf(wanted.mode().name());
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
