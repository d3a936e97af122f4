package dev.tidemark.cli.config;

import dev.tidemark.archive.store.ObjectStores;
import dev.tidemark.archive.store.S3Encryption;
import dev.tidemark.archive.store.S3ObjectLock;
import dev.tidemark.archive.store.S3Settings;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kind of value.
 *
 * @param name for the reference
 * @param expected completes the sentence "'x' is not …"
 * @param parse throws a RuntimeException on other text; of a TidemarkException the message is shown
 */
record ValueType<T>(String name, String expected, Function<String, T> parse) {
    static final ValueType<String> TEXT = new ValueType<>("text", "a text", ValueType::text);

    /** Becomes part of the names of a slot (at most 63 bytes), a topic and a folder. */
    static final ValueType<String> NAME =
            new ValueType<>(
                    "name",
                    "a name: a lower-case letter, then up to 40 of a-z, 0-9 and -",
                    text -> matching(text, "[a-z][a-z0-9-]{0,40}"));

    static final ValueType<String> VARIABLE =
            new ValueType<>(
                    "variable",
                    "a name of a variable of the environment such as TIDEMARK_KEY",
                    text -> matching(text, EncryptionSettings.VARIABLE));

    static final ValueType<Path> PATH = new ValueType<>("path", "a path", ValueType::path);
    static final ValueType<List<Path>> PATHS =
            new ValueType<>("paths", "paths, with commas between them", ValueType::paths);
    static final ValueType<Long> NUMBER =
            new ValueType<>(
                    "number", "a number", text -> Long.valueOf(matching(text, "[0-9]{1,18}")));
    static final ValueType<Boolean> FLAG =
            new ValueType<>("true or false", "true or false", ValueType::flag);
    static final ValueType<SchemaChanges> SCHEMA_CHANGES =
            new ValueType<>(
                    "triggers or polling",
                    "triggers or polling",
                    text ->
                            SchemaChanges.valueOf(
                                    matching(text, "triggers|polling").toUpperCase(Locale.ROOT)));
    static final ValueType<Acknowledgement> ACKNOWLEDGEMENT =
            new ValueType<>(
                    "asynchronous or synchronous",
                    "asynchronous or synchronous",
                    text ->
                            Acknowledgement.valueOf(
                                    matching(text, "asynchronous|synchronous")
                                            .toUpperCase(Locale.ROOT)));
    static final ValueType<Duration> DURATION =
            new ValueType<>(
                    "duration", "a duration such as 500ms, 5s, 2m, 1h or 30d", ValueType::duration);
    static final ValueType<Duration> PERIOD =
            new ValueType<>("period", "a period such as 12h, 30d, 26w or 7y", ValueType::period);
    static final ValueType<Integer> COUNT =
            new ValueType<>(
                    "number",
                    "a number from 1 to 9999",
                    text -> Integer.valueOf(matching(text, "[1-9][0-9]{0,3}")));
    static final ValueType<Long> SIZE =
            new ValueType<>("size", "a size such as 500kB, 64MiB or 1GiB", ValueType::size);
    static final ValueType<Integer> PERCENT =
            new ValueType<>(
                    "percentage",
                    "a percentage such as 50%",
                    text -> Integer.valueOf(matching(text, "[1-9][0-9]{0,3}%").replace("%", "")));
    static final ValueType<DailyWindow> DAILY_WINDOW =
            new ValueType<>(
                    "time of the day", "a time of the day such as 01:00-05:30", DailyWindow::parse);
    static final ValueType<ZoneId> ZONE =
            new ValueType<>(
                    "time zone", "a time zone such as Europe/Berlin, +02:00 or UTC", ZoneId::of);
    static final ValueType<DatabaseUrl> DATABASE_URL =
            new ValueType<>(
                    "database URL",
                    "a URL such as postgresql://user@host:5432/database",
                    DatabaseUrl::parse);
    static final ValueType<String> ARCHIVE_URL =
            new ValueType<>(
                    "archive URL",
                    "a URL such as s3://bucket/prefix or file:///absolute/path",
                    ValueType::archiveUrl);
    static final ValueType<S3Encryption.Algorithm> S3_ENCRYPTION =
            new ValueType<>(
                    "AES256 or aws:kms",
                    "AES256 or aws:kms",
                    text ->
                            S3Encryption.Algorithm.valueOf(
                                    matching(text, "AES256|aws:kms")
                                            .replace(':', '_')
                                            .toUpperCase(Locale.ROOT)));
    static final ValueType<S3ObjectLock.Mode> S3_LOCK_MODE =
            new ValueType<>(
                    "governance or compliance",
                    "governance or compliance",
                    text ->
                            S3ObjectLock.Mode.valueOf(
                                    matching(text, "governance|compliance")
                                            .toUpperCase(Locale.ROOT)));
    static final ValueType<URI> ENDPOINT =
            new ValueType<>("URL", "a URL such as https://host:port", ValueType::endpoint);
    static final ValueType<String> REGION =
            new ValueType<>("text", "a region such as eu-central-1", ValueType::region);

    static final ValueType<ListenAddress> LISTEN_ADDRESS =
            new ValueType<>(
                    "address",
                    "an address such as 127.0.0.1:9187 or [::1]:9187",
                    ListenAddress::parse);

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,9})([a-zA-Z]{1,3})");
    private static final Map<String, Duration> DURATIONS =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1));

    /** A year is a leap year: rather a day more is kept than one less. */
    private static final Map<String, Duration> PERIODS =
            Map.of(
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1),
                    "w", Duration.ofDays(7),
                    "y", Duration.ofDays(366));

    /** Nine digits of the largest unit still fit a long. */
    private static final Map<String, Long> SIZES =
            Map.of(
                    "B", 1L,
                    "kB", 1_000L,
                    "MB", 1_000_000L,
                    "GB", 1_000_000_000L,
                    "KiB", 1L << 10,
                    "MiB", 1L << 20,
                    "GiB", 1L << 30);

    private static String text(String text) {
        return matching(text, "(?s).*\\S.*");
    }

    private static String matching(String text, String pattern) {
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static Path path(String text) {
        return Path.of(text(text));
    }

    private static List<Path> paths(String text) {
        return Arrays.stream(text.split(",", -1)).map(one -> path(one.strip())).toList();
    }

    private static boolean flag(String text) {
        return Boolean.parseBoolean(matching(text, "true|false"));
    }

    private static Duration duration(String text) {
        return duration(text, DURATIONS);
    }

    private static Duration period(String text) {
        return duration(text, PERIODS);
    }

    private static Duration duration(String text, Map<String, Duration> units) {
        Matcher parts = parts(text);
        Duration unit = units.get(parts.group(2));
        long number = Long.parseLong(parts.group(1));
        if (unit == null || number == 0) {
            throw new IllegalArgumentException(text);
        }
        return unit.multipliedBy(number);
    }

    static long size(String text) {
        Matcher parts = parts(text);
        Long unit = SIZES.get(parts.group(2));
        long number = Long.parseLong(parts.group(1));
        if (unit == null || number == 0) {
            throw new IllegalArgumentException(text);
        }
        return Math.multiplyExact(unit, number);
    }

    private static Matcher parts(String text) {
        Matcher parts = NUMBER_AND_UNIT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(text);
        }
        return parts;
    }

    private static String archiveUrl(String text) {
        ObjectStores.check(text);
        return text;
    }

    private static URI endpoint(String text) {
        return new S3Settings(Optional.of(URI.create(text)), Optional.empty(), false)
                .endpoint()
                .orElseThrow();
    }

    private static String region(String text) {
        return new S3Settings(Optional.empty(), Optional.of(text), false).region().orElseThrow();
    }
}
