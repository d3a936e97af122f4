package dev.tidemark.cli.config;

import dev.tidemark.archive.store.S3Encryption;
import dev.tidemark.archive.store.S3ObjectLock;
import dev.tidemark.archive.store.S3Settings;
import dev.tidemark.archiver.expire.Cycle;
import dev.tidemark.archiver.expire.Retention;
import dev.tidemark.cli.config.YamlSettings.Setting;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.SchemaChanges;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes a {@link Configuration} of checked settings. Paths are relative to the file's directory.
 */
final class ConfigurationReader {
    private static final Duration SEGMENT_AGE_LOCAL = Duration.ofSeconds(5);

    /** A request costs money and a file's overhead: 5 s would be half a million PUTs a month. */
    private static final Duration CATALOG_INTERVAL = Duration.ofSeconds(60);

    private static final Duration CATALOG_INTERVAL_POLLING = Duration.ofSeconds(10);
    private static final Duration SEGMENT_AGE_S3 = Duration.ofSeconds(60);

    private final Path directory;
    private final Map<String, Setting> settings;
    private final Values values;

    ConfigurationReader(Path directory, Map<String, Setting> settings) {
        this.directory = directory;
        this.settings = settings;
        this.values = new Values(settings);
    }

    static Configuration read(Path file, Set<Section> needed) {
        var problems = new Problems();
        Map<String, Setting> settings = YamlSettings.read(content(file), problems);
        problems.throwIfAny(file.toString());
        new SettingsCheck(settings, problems).run(needed);
        problems.throwIfAny(file.toString());
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
        return new ConfigurationReader(directory, settings).configuration();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw TidemarkException.usage(
                    "no configuration: " + file.toAbsolutePath() + " does not exist",
                    "Write it, or name another file with --config FILE. 'tidemark config reference'"
                            + " prints an example and every key.");
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read the configuration "
                            + file.toAbsolutePath()
                            + ": "
                            + TidemarkException.reason(e, file),
                    "Check that it is a file in UTF-8 which you may read.");
        }
    }

    Configuration configuration() {
        Optional<ArchiveSettings> archive = archive();
        return new Configuration(
                source(),
                kafka(archive),
                archive,
                new EncryptionSettings(
                        path(Keys.ENCRYPTION_KEY_FILE),
                        values.of(Keys.ENCRYPTION_KEY_ENV),
                        path(Keys.ENCRYPTION_PREVIOUS_KEY_FILE),
                        values.of(Keys.ENCRYPTION_PREVIOUS_KEY_ENV),
                        values.needed(Keys.ENCRYPTION_DECRYPTED_MAX_BYTES)),
                segment(archive),
                new CaptureSettings(
                        values.needed(Keys.CAPTURE_HEARTBEAT),
                        values.of(Keys.CAPTURE_CATALOG_INTERVAL)
                                .orElse(
                                        values.needed(Keys.SOURCE_SCHEMA_CHANGES)
                                                        == SchemaChanges.POLLING
                                                ? CATALOG_INTERVAL_POLLING
                                                : CATALOG_INTERVAL),
                        values.needed(Keys.CAPTURE_TAKEOVER_AFTER),
                        values.of(Keys.CAPTURE_ROW_MAX_BYTES),
                        values.needed(Keys.CAPTURE_ACKNOWLEDGE),
                        values.of(Keys.CAPTURE_WAL_LIMIT)),
                new MaintenanceSettings(
                        values.needed(Keys.MAINTENANCE_MERGE),
                        values.of(Keys.MAINTENANCE_BASE_INTERVAL),
                        values.of(Keys.MAINTENANCE_BASE_SHARE)
                                .map(OptionalInt::of)
                                .orElse(OptionalInt.empty()),
                        values.needed(Keys.MAINTENANCE_EXPIRE),
                        values.of(Keys.MAINTENANCE_WINDOW),
                        values.of(Keys.MAINTENANCE_RATE_LIMIT)
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty())),
                new DrillSettings(
                        values.of(Keys.DRILL_EVERY),
                        values.of(Keys.DRILL_INTO),
                        values.needed(Keys.DRILL_JOBS),
                        values.needed(Keys.DRILL_HEAP),
                        values.needed(Keys.DRILL_HOLD)),
                retention(),
                new ProofSettings(
                        path(Keys.PROOF_SIGNING_KEY),
                        values.of(Keys.PROOF_TRUSTED_KEYS).orElse(List.of()).stream()
                                .map(directory::resolve)
                                .toList(),
                        values.needed(Keys.PROOF_SIGNED_FROM)),
                new MetricsSettings(values.of(Keys.METRICS_LISTEN)),
                new ObjectiveSettings(
                        values.of(Keys.OBJECTIVES_RPO), values.of(Keys.OBJECTIVES_RTO)),
                values.of(Keys.PROFILE)
                        .map(name -> new ProfileSettings(name.toString(), directory.resolve(name))),
                values.of(Keys.ACCESS_READER),
                values.of(Keys.TIMEZONE),
                path(Keys.TEMPORARY_DIRECTORY)
                        .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir"))));
    }

    private Retention retention() {
        Map<Cycle, Integer> bases = new EnumMap<>(Cycle.class);
        values.of(Keys.RETENTION_DAILY).ifPresent(count -> bases.put(Cycle.DAILY, count));
        values.of(Keys.RETENTION_WEEKLY).ifPresent(count -> bases.put(Cycle.WEEKLY, count));
        values.of(Keys.RETENTION_MONTHLY).ifPresent(count -> bases.put(Cycle.MONTHLY, count));
        values.of(Keys.RETENTION_YEARLY).ifPresent(count -> bases.put(Cycle.YEARLY, count));
        return new Retention(
                values.of(Keys.RETENTION_RESTORE_WINDOW), bases, values.of(Keys.RETENTION_HISTORY));
    }

    private Optional<SourceSettings> source() {
        if (!values.isGiven(Keys.SOURCE_NAME)) {
            return Optional.empty();
        }
        return Optional.of(
                new SourceSettings(
                        values.needed(Keys.SOURCE_NAME),
                        values.needed(Keys.SOURCE_URL),
                        path(Keys.SOURCE_PASSWORD_FILE),
                        values.of(Keys.SOURCE_ADMIN_URL),
                        path(Keys.SOURCE_ADMIN_PASSWORD_FILE),
                        values.needed(Keys.SOURCE_IMAGE_MAX_BYTES),
                        values.needed(Keys.SOURCE_SCHEMA_CHANGES)));
    }

    private Optional<KafkaSettings> kafka(Optional<ArchiveSettings> archive) {
        boolean isEncrypted = values.needed(Keys.KAFKA_ENCRYPT_VALUES);
        return values.of(Keys.KAFKA_BOOTSTRAP_SERVERS)
                .map(
                        servers ->
                                servers.equals(SettingsCheck.EMBEDDED)
                                        ? new KafkaSettings.Embedded(
                                                path(Keys.KAFKA_DIRECTORY)
                                                        .orElseGet(() -> kafkaBeside(archive)),
                                                properties(),
                                                isEncrypted)
                                        : new KafkaSettings.Brokers(
                                                servers, properties(), isEncrypted));
    }

    private Map<String, String> properties() {
        var properties = new TreeMap<String, String>();
        path(Keys.KAFKA_PROPERTIES_FILE).map(KafkaFile::read).ifPresent(properties::putAll);
        settings.forEach(
                (path, setting) -> {
                    if (path.startsWith(SettingsCheck.PROPERTIES)) {
                        properties.put(
                                path.substring(SettingsCheck.PROPERTIES.length()), setting.text());
                    }
                });
        return properties;
    }

    private Path kafkaBeside(Optional<ArchiveSettings> archive) {
        return archive.filter(settings -> !settings.isOnS3())
                .map(ArchiveSettings::localDirectory)
                .map(local -> local.resolveSibling(local.getFileName() + "-kafka"))
                .orElseGet(() -> directory.resolve("tidemark-kafka"));
    }

    private Optional<ArchiveSettings> archive() {
        Optional<URI> endpoint = values.of(Keys.ARCHIVE_S3_ENDPOINT);
        return values.of(Keys.ARCHIVE_URL)
                .map(
                        url ->
                                new ArchiveSettings(
                                        url,
                                        new S3Settings(
                                                endpoint,
                                                values.of(Keys.ARCHIVE_S3_REGION),
                                                values.needed(Keys.ARCHIVE_S3_PATH_STYLE),
                                                s3Encryption(),
                                                s3Lock(),
                                                path(Keys.ARCHIVE_S3_CA_FILE))));
    }

    private Optional<S3ObjectLock> s3Lock() {
        return values.of(Keys.ARCHIVE_S3_LOCK_MODE)
                .map(mode -> new S3ObjectLock(mode, values.needed(Keys.ARCHIVE_S3_LOCK_RETAIN)));
    }

    private Optional<S3Encryption> s3Encryption() {
        return values.of(Keys.ARCHIVE_S3_ENCRYPTION)
                .map(how -> new S3Encryption(how, values.of(Keys.ARCHIVE_S3_KMS_KEY)));
    }

    private SegmentSettings segment(Optional<ArchiveSettings> archive) {
        boolean isOnS3 = archive.filter(ArchiveSettings::isOnS3).isPresent();
        return new SegmentSettings(
                values.of(Keys.SEGMENT_MAX_AGE).orElse(isOnS3 ? SEGMENT_AGE_S3 : SEGMENT_AGE_LOCAL),
                values.needed(Keys.SEGMENT_MAX_BYTES),
                values.needed(Keys.SEGMENT_MEMORY),
                values.needed(Keys.SEGMENT_IDLE_AGE));
    }

    private Optional<Path> path(Key<Path> key) {
        return values.of(key).map(directory::resolve);
    }
}
