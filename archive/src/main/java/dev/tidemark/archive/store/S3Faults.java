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
 * pass ({@link IOException}).
 *
 * <p>Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
final class S3Faults {
    private final String bucket;

    S3Faults(String bucket) {
        this.bucket = bucket;
    }

    static boolean isNameTaken(SdkException error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() == HttpURLConnection.HTTP_PRECON_FAILED;
    }

    static boolean isNoSuchObject(SdkException error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() == HttpURLConnection.HTTP_NOT_FOUND
                && !code(answer).equals("NoSuchBucket");
    }

    /** Another request for the same key is under way; AWS asks to try again. */
    static boolean isConflict(Throwable error) {
        return error instanceof AwsServiceException answer
                && answer.statusCode() == HttpURLConnection.HTTP_CONFLICT;
    }

    /**
     * To be thrown by the caller.
     *
     * @throws TidemarkException for what does not pass by itself
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
        String reason = reason(error);
        hint(error)
                .ifPresent(
                        hint -> {
                            throw TidemarkException.refused(what + reason, hint, error);
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

    private static Optional<String> hint(SdkException error) {
        if (!(error instanceof AwsServiceException answer)) {
            return Optional.empty();
        }
        return switch (code(answer)) {
            case "NoSuchBucket" ->
                    Optional.of("Create the bucket first, or correct 'archive.url'.");
            case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
                    Optional.of(
                            "The service does not know these credentials. Check AWS_ACCESS_KEY_ID"
                                    + " and AWS_SECRET_ACCESS_KEY, or the profile.");
            case "ExpiredToken", "InvalidToken" ->
                    Optional.of("The credentials have expired. Renew them and start again.");
            case "RequestTimeTooSkewed" -> Optional.of("Set this machine's clock, with NTP.");
            case "PermanentRedirect", "AuthorizationHeaderMalformed" ->
                    Optional.of("The bucket is in another region. Set 'archive.s3.region' to it.");
            case "NotImplemented" ->
                    Optional.of(
                            "The service lacks a request that Tidemark needs. Use one with"
                                    + " conditional writes (If-None-Match).");
            default -> hintByStatus(answer.statusCode());
        };
    }

    /** An answer to HEAD has no code, only the status. */
    private static Optional<String> hintByStatus(int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_FORBIDDEN, HttpURLConnection.HTTP_UNAUTHORIZED ->
                    Optional.of(
                            "Allow these credentials s3:ListBucket on the bucket, and s3:GetObject,"
                                    + " s3:PutObject, s3:DeleteObject and"
                                    + " s3:AbortMultipartUpload on its objects.");
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
