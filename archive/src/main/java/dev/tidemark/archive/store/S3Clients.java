package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Builds the S3 client with every limit written down. */
final class S3Clients {
    /** A host that does not answer by then is down or behind a wall. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** The longest pause within an answer. S3 answers within seconds, even when it is slow. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(30);

    /** One part of 16 MiB still gets through at 140 kB/s. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofMinutes(2);

    /** Waits of up to 20 s between them: enough for a fail-over of the service. */
    private static final int ATTEMPTS_MAX = 5;

    /** All attempts together, so that no call hangs for longer, whatever happens. */
    private static final Duration CALL_TIMEOUT = Duration.ofMinutes(10);

    private S3Clients() {}

    static S3Client client(S3Settings settings, AwsCredentialsProvider credentials) {
        S3ClientBuilder builder =
                S3Client.builder()
                        .credentialsProvider(explaining(credentials))
                        .region(region(settings))
                        .httpClientBuilder(http(settings))
                        .overrideConfiguration(limits())
                        // Services that are not AWS refuse checksums in trailers, the default.
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                        .serviceConfiguration(
                                S3Configuration.builder()
                                        .pathStyleAccessEnabled(settings.pathStyle())
                                        .chunkedEncodingEnabled(false)
                                        .build());
        settings.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static UrlConnectionHttpClient.Builder http(S3Settings settings) {
        var http =
                UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(SOCKET_TIMEOUT);
        if (settings.caFile().isPresent()) {
            TrustManager[] trust = S3Trust.of(settings.caFile().get());
            http.tlsTrustManagersProvider(() -> trust);
        }
        return http;
    }

    private static AwsCredentialsProvider explaining(AwsCredentialsProvider credentials) {
        return () -> {
            try {
                return credentials.resolveCredentials();
            } catch (SdkClientException e) {
                // Failed, not refused: a file is being replaced, or a role's service is down.
                throw TidemarkException.failed(
                        "no S3 credentials found",
                        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, name a"
                                + " profile in AWS_PROFILE, or give this machine a role.",
                        e);
            }
        };
    }

    private static ClientOverrideConfiguration limits() {
        return ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                .apiCallTimeout(CALL_TIMEOUT)
                .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS_MAX)
                                .retryOnException(S3Faults::isConflict)
                                .build())
                .build();
    }

    private static Region region(S3Settings settings) {
        if (settings.region().isPresent()) {
            return Region.of(settings.region().get());
        }
        if (settings.endpoint().isPresent()) {
            return Region.US_EAST_1;
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            throw TidemarkException.refused(
                    "no S3 region is set",
                    "Set 'archive.s3.region', or AWS_REGION in the environment.",
                    e);
        }
    }
}
