package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.HttpURLConnection;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What an S3 error means: an operator has to act ({@link TidemarkException} with a hint), or it may
 * pass ({@link IOException}). What is mended outside, such as a bucket, rights, credentials or a
 * clock, is of kind FAILED, since a service that tries again goes on then by itself; what takes
 * another configuration is REFUSED.
 *
 * <p>Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
final class S3Faults {
    private static final String RIGHTS =
            "Allow these credentials s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject,"
                    + " s3:DeleteObject and s3:AbortMultipartUpload on its objects.";

    private static final String RIGHTS_TO_LOCK =
            "Allow these credentials s3:ListBucket and s3:GetBucketObjectLockConfiguration on the bucket,"
                    + " and s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload,"
                    + " s3:PutObjectRetention and s3:GetObjectRetention on its objects.";

    private final String bucket;
    private final String rightsHint;

    S3Faults(String bucket, Optional<S3ObjectLock> lock) {
        this.bucket = bucket;
        this.rightsHint = lock.isPresent() ? RIGHTS_TO_LOCK : RIGHTS;
    }

    static boolean isNameTaken(SdkException error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() == HttpURLConnection.HTTP_PRECON_FAILED;
    }

    /**
     * Says the service that there is no such object? Any other 404 is of a bucket that is gone, or
     * of something that is no S3 service. The SDK says the same for every 404 to a HEAD, which
     * {@link S3Look} tells apart.
     */
    static boolean isNoSuchObject(SdkException error) {
        return error instanceof AwsServiceException answer && code(answer).equals("NoSuchKey");
    }

    /** Did the service answer that the request is at fault? */
    static boolean isRefusal(SdkException error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() / 100 == HttpURLConnection.HTTP_BAD_REQUEST / 100;
    }

    /** Another request for the same key is under way; AWS asks to try again. */
    static boolean isConflict(Throwable error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /**
     * To be thrown by the caller.
     *
     * @throws TidemarkException for what an operator has to mend
     */
    IOException explained(String operation, String key, SdkException error) {
        String what = "cannot %s '%s' in bucket '%s': ".formatted(operation, key, bucket);
        if (error.getCause() instanceof TidemarkException cause) {
            throw cause;
        }
        if (error instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            Thread.currentThread().interrupt();
            var interrupted = new InterruptedIOException(what + "interrupted");
            interrupted.initCause(error);
            return interrupted;
        }
        if (S3Trust.isBroken(error)) {
            throw TidemarkException.failed(
                    what + "no trust in the service: " + TidemarkException.reason(error),
                    "The service must have a certificate for the host of 'archive.s3.endpoint', signed by"
                            + " whoever 'archive.s3.ca-file' names, or by one whom this system trusts. With"
                            + " 'http://' nothing would be checked.",
                    error);
        }
        String reason = reason(error);
        hint(error)
                .ifPresent(
                        hint -> {
                            throw isOfConfiguration(error)
                                    ? TidemarkException.refused(what + reason, hint, error)
                                    : TidemarkException.failed(what + reason, hint, error);
                        });
        return new IOException(what + reason, error);
    }

    private String reason(SdkException error) {
        if (!(error instanceof AwsServiceException answer)) {
            return TidemarkException.reason(error);
        }
        String code = code(answer);
        return switch (code) {
            case "NoSuchBucket" -> "bucket '" + bucket + "' does not exist";
            case "" -> "HTTP status " + answer.statusCode();
            default -> code + " (HTTP status " + answer.statusCode() + ")";
        };
    }

    private static boolean isOfConfiguration(SdkException error) {
        return error instanceof AwsServiceException answer
                && (answer.statusCode() == HttpURLConnection.HTTP_MOVED_PERM
                        || answer.statusCode() == HttpURLConnection.HTTP_NOT_IMPLEMENTED
                        || code(answer).equals("AuthorizationHeaderMalformed"));
    }

    private Optional<String> hint(SdkException error) {
        if (!(error instanceof AwsServiceException answer)) {
            return Optional.empty();
        }
        return switch (code(answer)) {
            case "NoSuchBucket" ->
                    Optional.of(
                            "Correct 'archive.url', or create the bucket. One that held an archive"
                                    + " has to come back with its objects.");
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                    Optional.of(
                            "The service does not know these credentials. Check AWS_ACCESS_KEY_ID"
                                    + " and AWS_SECRET_ACCESS_KEY, or the profile.");
            case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" ->
                    Optional.of(
                            "The credentials have expired. Renew them: a profile's file is read"
                                    + " again when it changes, the environment only at a start.");
            case "InvalidToken" ->
                    Optional.of(
                            "The session token does not belong to these credentials, or is cut off."
                                    + " Renew key, secret and token together.");
            case "RequestTimeTooSkewed" -> Optional.of("Set this machine's clock, with NTP.");
            case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
                    Optional.of("The bucket is in another region. Set 'archive.s3.region' to it.");
            case "NotImplemented" ->
                    Optional.of(
                            "The service lacks a request that Tidemark needs. Use one with"
                                    + " conditional writes (If-None-Match).");
            case "" -> hintWithoutCode(answer.statusCode());
            default -> hintByStatus(answer.statusCode());
        };
    }

    private Optional<String> hintWithoutCode(int status) {
        return status == HttpURLConnection.HTTP_NOT_FOUND
                ? Optional.of(
                        "What answers there is no S3 service, or a proxy before it. Check"
                                + " 'archive.s3.endpoint' and 'archive.s3.path-style'.")
                : hintByStatus(status);
    }

    /** An answer to HEAD has no code, only the status, and not every service has all codes. */
    private Optional<String> hintByStatus(int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_UNAUTHORIZED ->
                    Optional.of(rightsHint);
            case HttpURLConnection.HTTP_MOVED_PERM ->
                    Optional.of("The bucket is in another region. Set 'archive.s3.region' to it.");
            default -> Optional.empty();
        };
    }

    private static String code(AwsServiceException error) {
        AwsErrorDetails details = error.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
}
