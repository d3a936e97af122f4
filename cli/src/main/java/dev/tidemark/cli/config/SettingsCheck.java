package dev.tidemark.cli.config;

import dev.tidemark.cli.config.YamlSettings.Setting;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds everything that is wrong with the settings of a file. */
final class SettingsCheck {
    static final String PROPERTIES = Keys.KAFKA_PROPERTIES.path() + ".";
    static final String EMBEDDED = "embedded";

    private static final List<String> PATHS = Keys.ALL.stream().map(Key::path).toList();

    private final Map<String, Setting> settings;
    private final Problems problems;

    SettingsCheck(Map<String, Setting> settings, Problems problems) {
        this.settings = settings;
        this.problems = problems;
    }

    void run(Set<Section> needed) {
        settings.forEach(this::checkKnown);
        Keys.ALL.forEach(this::checkValue);
        Arrays.stream(Section.values())
                .filter(section -> needed.contains(section) || isGiven(section))
                .forEach(this::checkComplete);
        checkKafka();
        checkArchive();
        checkEncryption();
        checkCapture();
        checkRetention();
    }

    private boolean isGiven(Section section) {
        return settings.keySet().stream().anyMatch(section::holds);
    }

    private void checkKnown(String path, Setting setting) {
        boolean isProperty = path.startsWith(PROPERTIES);
        if ((PATHS.contains(path) && !path.equals(Keys.KAFKA_PROPERTIES.path())) || isProperty) {
            return;
        }
        // The value is not repeated: it may be a password in a wrong place.
        if (PATHS.stream().anyMatch(known -> known.startsWith(path + "."))
                || path.equals(Keys.KAFKA_PROPERTIES.path())) {
            problems.add(setting.line(), path, "a section; its keys go below it, indented");
            return;
        }
        Optional<String> nearest = Nearest.to(path, PATHS);
        problems.add(
                setting.line(),
                path,
                "unknown key" + nearest.map(known -> "; did you mean " + known + "?").orElse(""));
    }

    private void checkValue(Key<?> key) {
        Setting setting = settings.get(key.path());
        if (setting == null || key.equals(Keys.KAFKA_PROPERTIES)) {
            return;
        }
        try {
            var unused = key.type().parse().apply(setting.text());
        } catch (TidemarkException e) {
            problems.add(
                    setting.line(),
                    key.path(),
                    e.getMessage() + "; expected " + key.type().expected());
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            problems.add(
                    setting.line(),
                    key.path(),
                    (key.type().equals(ValueType.VARIABLE) ? "" : "'" + setting.text() + "' is ")
                            + "not "
                            + key.type().expected());
        }
    }

    private void checkComplete(Section section) {
        for (Key<?> key : Keys.ALL) {
            if (section.holds(key.path())
                    && key.isRequired()
                    && !settings.containsKey(key.path())) {
                problems.add(0, key.path(), "missing; expected " + key.type().expected());
            }
        }
    }

    private void checkKafka() {
        Setting servers = settings.get(Keys.KAFKA_BOOTSTRAP_SERVERS.path());
        Setting directory = settings.get(Keys.KAFKA_DIRECTORY.path());
        if (servers != null && directory != null && !servers.text().equals(EMBEDDED)) {
            problems.add(
                    directory.line(),
                    Keys.KAFKA_DIRECTORY.path(),
                    "only for kafka.bootstrap-servers: embedded");
        }
        Setting inProperties = settings.get(PROPERTIES + "bootstrap.servers");
        if (inProperties != null) {
            problems.add(
                    inProperties.line(),
                    PROPERTIES + "bootstrap.servers",
                    "expected as kafka.bootstrap-servers");
        }
    }

    private void checkArchive() {
        Setting kmsKey = settings.get(Keys.ARCHIVE_S3_KMS_KEY.path());
        Setting encryption = settings.get(Keys.ARCHIVE_S3_ENCRYPTION.path());
        if (kmsKey != null && (encryption == null || !encryption.text().equals("aws:kms"))) {
            problems.add(
                    kmsKey.line(),
                    Keys.ARCHIVE_S3_KMS_KEY.path(),
                    "only for archive.s3.server-side-encryption: aws:kms");
        }
        checkBoth(Keys.ARCHIVE_S3_LOCK_MODE, Keys.ARCHIVE_S3_LOCK_RETAIN);
        checkBoth(Keys.ARCHIVE_S3_LOCK_RETAIN, Keys.ARCHIVE_S3_LOCK_MODE);
        Setting caFile = settings.get(Keys.ARCHIVE_S3_CA_FILE.path());
        Setting endpoint = settings.get(Keys.ARCHIVE_S3_ENDPOINT.path());
        if (caFile != null && endpoint != null && endpoint.text().startsWith("http:")) {
            problems.add(
                    caFile.line(),
                    Keys.ARCHIVE_S3_CA_FILE.path(),
                    "only for an endpoint of https://");
        }
        Setting url = settings.get(Keys.ARCHIVE_URL.path());
        if (url == null || url.text().startsWith("s3:")) {
            return;
        }
        settings.forEach(
                (path, setting) -> {
                    if (path.startsWith("archive.s3.")) {
                        problems.add(setting.line(), path, "only for an archive.url of s3://");
                    }
                });
    }

    private void checkBoth(Key<?> given, Key<?> other) {
        Setting setting = settings.get(given.path());
        if (setting != null && !settings.containsKey(other.path())) {
            problems.add(setting.line(), given.path(), "only with " + other.path());
        }
    }

    private void checkEncryption() {
        checkOneOf(Keys.ENCRYPTION_KEY_FILE, Keys.ENCRYPTION_KEY_ENV);
        checkOneOf(Keys.ENCRYPTION_PREVIOUS_KEY_FILE, Keys.ENCRYPTION_PREVIOUS_KEY_ENV);
        boolean isKeySet = isGiven(Keys.ENCRYPTION_KEY_FILE) || isGiven(Keys.ENCRYPTION_KEY_ENV);
        for (Key<?> previous :
                List.of(Keys.ENCRYPTION_PREVIOUS_KEY_FILE, Keys.ENCRYPTION_PREVIOUS_KEY_ENV)) {
            if (isGiven(previous) && !isKeySet) {
                problems.add(
                        lineOf(previous).orElse(0),
                        previous.path(),
                        "there is no key before one; set encryption.key-file or encryption.key-env");
            }
        }
        Setting encrypt = settings.get(Keys.KAFKA_ENCRYPT_VALUES.path());
        if (encrypt != null && encrypt.text().equals("true") && !isKeySet) {
            problems.add(
                    encrypt.line(),
                    Keys.KAFKA_ENCRYPT_VALUES.path(),
                    "there is no key to encrypt with; set encryption.key-file or encryption.key-env");
        }
    }

    private boolean isGiven(Key<?> key) {
        return settings.containsKey(key.path());
    }

    private void checkOneOf(Key<Path> file, Key<String> variable) {
        if (isGiven(file) && isGiven(variable)) {
            problems.add(
                    lineOf(variable).orElse(0),
                    variable.path(),
                    "there is an %s already; expected one of both".formatted(file.path()));
        }
    }

    private void checkCapture() {
        Optional<Duration> heartbeat = duration(Keys.CAPTURE_HEARTBEAT);
        Optional<Duration> takeover = duration(Keys.CAPTURE_TAKEOVER_AFTER);
        if (heartbeat.isEmpty() || takeover.isEmpty()) {
            return;
        }
        // Three, so that one lost heartbeat does not move capture to another machine.
        if (takeover.get().compareTo(heartbeat.get().multipliedBy(3)) < 0) {
            problems.add(
                    lineOf(Keys.CAPTURE_TAKEOVER_AFTER)
                            .or(() -> lineOf(Keys.CAPTURE_HEARTBEAT))
                            .orElse(0),
                    Keys.CAPTURE_TAKEOVER_AFTER.path(),
                    "expected at least three times capture.heartbeat");
        }
    }

    private void checkRetention() {
        Optional<Duration> window = duration(Keys.RETENTION_RESTORE_WINDOW);
        Optional<Duration> history = duration(Keys.RETENTION_HISTORY);
        Optional<Duration> interval = duration(Keys.MAINTENANCE_BASE_INTERVAL);
        if (isLonger(window, history)) {
            problems.add(
                    lineOf(Keys.RETENTION_RESTORE_WINDOW).orElse(0),
                    Keys.RETENTION_RESTORE_WINDOW.path(),
                    "longer than retention.history, without which nothing can be restored; raise that");
        }
        if (isLonger(interval, window.or(() -> history))) {
            Key<Duration> shorter =
                    window.isPresent() ? Keys.RETENTION_RESTORE_WINDOW : Keys.RETENTION_HISTORY;
            problems.add(
                    lineOf(shorter).orElse(0),
                    shorter.path(),
                    "shorter than maintenance.base-interval, so that it would have no base at times; expected at"
                            + " least that");
        }
        boolean isPolicy =
                settings.keySet().stream().anyMatch(path -> path.startsWith("retention."));
        Setting expire = settings.get(Keys.MAINTENANCE_EXPIRE.path());
        if (expire != null && expire.text().equals("true") && !isPolicy) {
            problems.add(
                    expire.line(),
                    Keys.MAINTENANCE_EXPIRE.path(),
                    "nothing expires without a policy; set retention.history or retention.restore-window");
        }
    }

    private static boolean isLonger(Optional<Duration> one, Optional<Duration> other) {
        return one.isPresent() && other.isPresent() && one.get().compareTo(other.get()) > 0;
    }

    private Optional<Integer> lineOf(Key<?> key) {
        return Optional.ofNullable(settings.get(key.path())).map(Setting::line);
    }

    /** Empty where {@link #checkValue} has found a problem. */
    private Optional<Duration> duration(Key<Duration> key) {
        try {
            return new Values(settings).of(key);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
