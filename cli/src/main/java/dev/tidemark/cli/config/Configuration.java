package dev.tidemark.cli.config;

import dev.tidemark.archiver.expire.Retention;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All settings, checked. A section that the file does not have is empty; {@link #read} refuses the
 * file when a command needs it.
 *
 * @param retention how long what is kept; everything for ever when the file does not say it
 * @param profile what is known of the application's tables
 * @param reader who reads the archive, for its access log; nothing is logged without one
 * @param timezone for moments given without an offset
 * @param temporaryDirectory for what does not fit the memory
 */
public record Configuration(
        Optional<SourceSettings> source,
        Optional<KafkaSettings> kafka,
        Optional<ArchiveSettings> archive,
        EncryptionSettings encryption,
        SegmentSettings segment,
        CaptureSettings capture,
        MaintenanceSettings maintenance,
        DrillSettings drill,
        Retention retention,
        ProofSettings proof,
        MetricsSettings metrics,
        ObjectiveSettings objectives,
        Optional<ProfileSettings> profile,
        Optional<String> reader,
        Optional<ZoneId> timezone,
        Path temporaryDirectory) {
    /**
     * Reads a file.
     *
     * @param needed sections that must be there
     * @throws TidemarkException (usage) that names every problem of the file at once
     */
    public static Configuration read(Path file, Set<Section> needed) {
        return ConfigurationReader.read(file, needed);
    }

    /** What holds without a file: the defaults. */
    public static Configuration defaults(Path directory) {
        return new ConfigurationReader(directory, Map.of()).configuration();
    }

    /** The source; {@link Section#SOURCE} was needed. */
    public SourceSettings neededSource() {
        return needed(source, Section.SOURCE);
    }

    /** The change log's brokers; {@link Section#KAFKA} was needed. */
    public KafkaSettings neededKafka() {
        return needed(kafka, Section.KAFKA);
    }

    /** The archive; {@link Section#ARCHIVE} was needed. */
    public ArchiveSettings neededArchive() {
        return needed(archive, Section.ARCHIVE);
    }

    private static <T> T needed(Optional<T> settings, Section section) {
        return settings.orElseThrow(
                () -> new IllegalStateException("read without needing " + section));
    }
}
