package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Opens the store that an archive's URL names; nothing is read or written yet. */
public final class ObjectStores {
    private static final String HINT =
            "Write 's3://bucket/prefix', 'file:///absolute/path' or '/absolute/path'.";

    private static final String SECRETS_HINT =
            "S3 credentials come from the environment, such as AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY; the endpoint has a setting of its own.";

    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?");

    private static final int BUCKET_LENGTH_MIN = 3;
    private static final int BUCKET_LENGTH_MAX = 63;

    private static final Pattern S3 = Pattern.compile("s3://([^/]*)(?:/(.*))?", Pattern.DOTALL);

    /** S3 allows 1,024 bytes for a key; an object's own name takes up to 512. */
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");

    private static final int PREFIX_LENGTH_MAX = 500;

    private ObjectStores() {}

    /**
     * Opens a store without looking at it.
     *
     * @param url {@code s3://bucket/prefix}, {@code file:///absolute/path} or an absolute path
     * @throws TidemarkException when it is none of these
     */
    public static ObjectStore open(String url, S3Settings settings) {
        if (url.startsWith("s3://")) {
            return openS3(url, settings);
        }
        if (url.startsWith("file:")) {
            return new LocalObjectStore(path(url));
        }
        if (url.startsWith("/")) {
            return new LocalObjectStore(checked(url, Path.of(url)));
        }
        throw refused(withoutSecrets(url));
    }

    /**
     * Does what {@link #open} does, short of opening: for a configuration that is only checked.
     *
     * @throws TidemarkException when the URL is of none of the forms
     */
    public static void check(String url) {
        if (url.startsWith("s3://")) {
            s3(url);
        } else {
            open(url, S3Settings.AWS);
        }
    }

    private static ObjectStore openS3(String url, S3Settings settings) {
        Matcher parts = s3(url);
        return new S3ObjectStore(parts.group(1), prefix(parts), settings);
    }

    /** The bucket and the prefix, checked. */
    private static Matcher s3(String url) {
        checkNoSecrets(url);
        Matcher parts = S3.matcher(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        if (!parts.matches() || parts.group(1).isEmpty()) {
            throw refused(url, "it names no bucket");
        }
        checkBucket(url, parts.group(1));
        checkPrefix(url, prefix(parts));
        return parts;
    }

    private static void checkBucket(String url, String bucket) {
        if (!BUCKET.matcher(bucket).matches()) {
            throw refused(
                    url,
                    "a bucket's name consists of a-z, 0-9, '.' and '-', and starts and ends with a letter or digit");
        }
        if (bucket.length() < BUCKET_LENGTH_MIN || bucket.length() > BUCKET_LENGTH_MAX) {
            throw refused(
                    url,
                    "a bucket's name has %d to %d characters, and '%s' has %d"
                            .formatted(
                                    BUCKET_LENGTH_MIN, BUCKET_LENGTH_MAX, bucket, bucket.length()));
        }
    }

    private static void checkPrefix(String url, String prefix) {
        boolean isPlain = prefix.isEmpty() || PREFIX.matcher(prefix).matches();
        if (!isPlain || hasDots(prefix)) {
            throw refused(
                    url,
                    "each part of a prefix consists of A-Z, a-z, 0-9, '.', '_' and '-', and is not empty, '.' or '..'");
        }
        if (prefix.length() > PREFIX_LENGTH_MAX) {
            throw refused(
                    url,
                    "a prefix has up to %d characters, and this one has %d"
                            .formatted(PREFIX_LENGTH_MAX, prefix.length()));
        }
    }

    private static String prefix(Matcher parts) {
        return parts.group(2) == null ? "" : parts.group(2);
    }

    private static Path path(String url) {
        checkNoSecrets(url);
        try {
            URI uri = new URI(url);
            if (uri.getPath() == null || uri.getAuthority() != null) {
                throw refused(url);
            }
            return checked(url, Path.of(uri.getPath()));
        } catch (URISyntaxException e) {
            throw refused(url);
        }
    }

    private static Path checked(String url, Path path) {
        if (!path.isAbsolute() || hasDots(path.toString())) {
            throw refused(url);
        }
        return path;
    }

    private static boolean hasDots(String path) {
        return Arrays.stream(path.split("/", -1))
                .anyMatch(part -> part.equals(".") || part.equals(".."));
    }

    private static void checkNoSecrets(String url) {
        if (!withoutSecrets(url).equals(url)) {
            throw TidemarkException.usage(
                    "archive URL '" + withoutSecrets(url) + "' has a user or a query",
                    SECRETS_HINT);
        }
    }

    /** What stands before an @ or after a ? may be a secret, so no message repeats it. */
    private static String withoutSecrets(String url) {
        return url.replaceFirst("//[^/]*@", "//...@").replaceFirst("[?#].*", "?...");
    }

    private static TidemarkException refused(String url, String why) {
        return TidemarkException.usage("not an archive URL: '" + url + "': " + why, HINT);
    }

    private static TidemarkException refused(String url) {
        return TidemarkException.usage("not an archive URL: '" + url + "'", HINT);
    }
}
