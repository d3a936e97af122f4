package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How to reach an S3 service. Credentials are no part of it: they come from where the AWS tools
 * take them (environment, profile files, the machine's role).
 *
 * @param endpoint for a service that is not AWS, {@code https://host:port}
 * @param region empty: as the AWS tools find it; with an endpoint, {@code us-east-1}, which
 *     services that know no regions expect
 * @param pathStyle is the bucket a part of the path instead of the host name? Most services that
 *     are not AWS need it
 * @param encryption how the service is to encrypt objects; empty: as the bucket says
 * @param objectLock how long the service is to lock objects; empty: as the bucket says
 * @param caFile certificates of those who vouch for the service, in PEM; empty: as the system says
 */
public record S3Settings(
        Optional<URI> endpoint,
        Optional<String> region,
        boolean pathStyle,
        Optional<S3Encryption> encryption,
        Optional<S3ObjectLock> objectLock,
        Optional<Path> caFile) {
    /** AWS itself, in the region of the environment. */
    public static final S3Settings AWS = new S3Settings(Optional.empty(), Optional.empty(), false);

    /** With the bucket's own encryption and locks. */
    public S3Settings(Optional<URI> endpoint, Optional<String> region, boolean pathStyle) {
        this(endpoint, region, pathStyle, Optional.empty(), Optional.empty(), Optional.empty());
    }

    public S3Settings {
        endpoint.ifPresent(S3Settings::checkEndpoint);
        if (region.isPresent() && !region.get().matches("[a-z0-9-]{1,63}")) {
            throw TidemarkException.usage(
                    "not an S3 region: '" + region.get() + "'",
                    "Write the region's code, for example 'eu-central-1'.");
        }
    }

    private static void checkEndpoint(URI endpoint) {
        boolean isHttp =
                "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        boolean hasMore =
                endpoint.getRawUserInfo() != null
                        || endpoint.getRawQuery() != null
                        || endpoint.getRawFragment() != null;
        if (!isHttp || endpoint.getHost() == null || hasMore) {
            // What stands before an @ or after a ? may be a secret, so the value is not repeated.
            throw TidemarkException.usage(
                    "S3 endpoint is not of the form 'https://host:port'",
                    "Name scheme, host and port only. Credentials come from the environment, such"
                            + " as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");
        }
    }
}
