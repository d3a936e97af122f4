package dev.tidemark.cli.wiring;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.LogCipher;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.PacedObjectStore;
import dev.tidemark.archive.store.S3ObjectLock;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.ArchiverProgress;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.capture.Capture;
import dev.tidemark.capture.CaptureSettings;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.prepare.PreparationSettings;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.Databases;
import dev.tidemark.cli.config.KafkaSettings;
import dev.tidemark.cli.config.ProfileSettings;
import dev.tidemark.cli.config.SourceSettings;
import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.replay.history.Claims;
import dev.tidemark.replay.history.RowHistory;
import dev.tidemark.replay.history.UserNames;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.log.RecordCipher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the settings name, made on demand.
 *
 * @param configuration with the sections that the parts in use need
 * @param inquiry what an archive is opened for; it is noted there
 */
public record Parts(
        Configuration configuration, Databases databases, Clock clock, Inquiry inquiry) {
    /** Those of who asks nothing that is logged. */
    public Parts(Configuration configuration, Databases databases, Clock clock) {
        this(configuration, databases, clock, Inquiry.NONE);
    }

    /** The same for a command that asks: when it opens the archive, that is logged first. */
    public Parts asking(String command, List<String> arguments) {
        Inquiry asked = new Inquiry(configuration.reader(), command, arguments, Optional.empty());
        return new Parts(configuration, databases, clock, asked);
    }

    /** The same, where the arguments do not have what is asked. */
    public Parts saying(String text) {
        return new Parts(configuration, databases, clock, inquiry.saying(text));
    }

    /**
     * Logs what is asked once the archive is open.
     *
     * @throws TidemarkException when it cannot be logged: then it must not be answered
     */
    public void note(Archive archive) {
        inquiry.note(archive, clock);
    }

    /** The source, as the user that capture works as. */
    public Database source() {
        return databases.source(configuration.neededSource());
    }

    /** The same for the sessions of a capture. */
    Database captured() {
        return source().as(Database.Role.CAPTURE);
    }

    /** The source, as the user that may prepare it. */
    public Database admin() {
        return databases.admin(configuration.neededSource());
    }

    public SourceNames names() {
        return SourceNames.of(configuration.neededSource().name());
    }

    /** The source, as a user that may replicate: who prepares it, else who captures it. */
    public Database replicating() {
        return SourceFacts.mayReplicate(admin()) ? admin() : source();
    }

    /** What the source is prepared for. */
    public PreparationSettings preparation() {
        SourceSettings source = configuration.neededSource();
        return new PreparationSettings(
                names(), source().url().user(), source.imageMaxBytes(), source.schemaChanges());
    }

    /** The source's change log on these brokers. */
    public ChangeLogTopic topic(String bootstrapServers) {
        Map<String, String> kafka = new HashMap<>(configuration.neededKafka().properties());
        kafka.put("bootstrap.servers", bootstrapServers);
        return new ChangeLogTopic(
                ChangeLogTopic.nameFor(configuration.neededSource().name()), kafka, cipher());
    }

    private RecordCipher cipher() {
        KeyChain keys = keys();
        if (keys.isEmpty()) {
            return RecordCipher.NONE; // the settings say that there is a key when there has to be
        }
        return configuration.neededKafka().isEncrypted()
                ? LogCipher.sealing(keys)
                : LogCipher.opening(keys);
    }

    /** The brokers; an embedded one is started, and stops when this is closed. */
    public Brokers brokers() {
        return switch (configuration.neededKafka()) {
            case KafkaSettings.Brokers outside -> new Brokers.Outside(outside.bootstrapServers());
            case KafkaSettings.Embedded embedded ->
                    Brokers.start(embedded.directory(), durability());
        };
    }

    /** The same, where an embedded one that is at work for another process is left alone. */
    Brokers brokersAtWork() {
        return configuration.neededKafka() instanceof KafkaSettings.Embedded embedded
                ? Brokers.runningOrStarted(embedded.directory(), durability())
                : brokers();
    }

    /** One broker that answers before it has written to disk is not enough for who waits for it. */
    private Map<String, String> durability() {
        return configuration.capture().acknowledge() == Acknowledgement.SYNCHRONOUS
                ? Map.of("log.flush.interval.messages", "1")
                : Map.of();
    }

    /**
     * The key of an encrypted archive, and the one before it; none for another.
     *
     * @throws TidemarkException when it cannot be read, or is none
     */
    public KeyChain keys() {
        return configuration.encryption().keys(databases.environment());
    }

    /** The storage of the archive; nothing is read or written yet. */
    public ObjectStore store() {
        return configuration.neededArchive().open();
    }

    /**
     * The archive; whoever writes it needs the key that it is signed with.
     *
     * @throws TidemarkException when it is that of another source than the configuration's
     */
    public Archive archive() {
        return archive(store(), open -> Archive.open(open, keys()));
    }

    /** The same, read and written no faster than maintenance may. */
    public Archive archiveAtPace() {
        OptionalLong limit = configuration.maintenance().bytesPerSecond();
        ObjectStore store = store();
        return archive(
                limit.isPresent() ? new PacedObjectStore(store, limit.getAsLong()) : store,
                open -> Archive.open(open, keys()));
    }

    /** How long the archive's storage keeps what is written, whoever deletes it. */
    public Optional<Duration> lockedFor() {
        return configuration.neededArchive().s3().objectLock().map(S3ObjectLock::retain);
    }

    /** The archive, opened to be checked as it was found, whatever is wrong with it. */
    public Archive archiveAsFound(ChainReport chain) {
        ObjectStore store = store();
        try {
            Archive archive = Archive.openAsFound(store, chain, keys());
            archive.limitDecrypted(configuration.encryption().decryptedBytesMax());
            return archive;
        } catch (IOException e) {
            throw closing(store, unreadable(store, e));
        } catch (TidemarkException e) {
            throw closing(store, e);
        }
    }

    /** A way to open an archive. */
    private interface Opening {
        Archive of(ObjectStore store) throws IOException;
    }

    private Archive archive(ObjectStore store, Opening opening) {
        try {
            Archive archive = opening.of(store);
            archive.signWith(configuration.proof().signing());
            archive.limitDecrypted(configuration.encryption().decryptedBytesMax());
            configuration.source().ifPresent(source -> archive.checkIsOf(source.name()));
            note(archive);
            return archive;
        } catch (IOException e) {
            throw closing(store, unreadable(store, e));
        } catch (TidemarkException e) {
            throw closing(store, e);
        }
    }

    private static TidemarkException closing(ObjectStore store, TidemarkException failure) {
        try {
            store.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    /**
     * What the archive's manifests are worth, and its data keys.
     *
     * @throws TidemarkException when there is no archive and nobody knows one, a newer version
     *     wrote it, or nothing is wrong with it but that it is another source's, or of another key
     */
    public ChainReport chain(List<Witness> witnesses) throws IOException {
        try (ObjectStore store = store()) {
            ChainReport chain =
                    ChainCheck.run(store, configuration.proof().rule(), witnesses, keys());
            configuration.source().ifPresent(source -> chain.checkIsOf(store.url(), source.name()));
            chain.checkKey();
            return chain;
        }
    }

    static TidemarkException unreadable(ObjectStore store, IOException e) {
        return TidemarkException.failed(
                "cannot read the archive " + store.url() + ": " + TidemarkException.reason(e),
                "Check archive.url, the rights there, and that the storage is up.",
                e);
    }

    public Capture capture(ChangeLogTopic topic) {
        return new Capture(
                new CaptureSettings(
                        configuration.neededSource().name(),
                        captured(),
                        topic,
                        names().slot(),
                        names().publication(),
                        configuration.capture().heartbeat(),
                        configuration.capture().catalogInterval(),
                        configuration.capture().takeoverAfter(),
                        configuration.capture().rowBytesMax().orElseGet(Parts::rowBytesMaxOfHeap),
                        configuration.capture().acknowledge(),
                        configuration.capture().walBytesMax()),
                clock);
    }

    /**
     * A message of this size is in memory once, and the driver's array of it takes one generation
     * of the heap; the rest is for what else a service does.
     */
    private static long rowBytesMaxOfHeap() {
        return Runtime.getRuntime().maxMemory() * 3 / 5;
    }

    SegmentLimits segmentLimits() {
        return new SegmentLimits(
                configuration.segment().ageMax(),
                configuration.segment().idleAge(),
                configuration.segment().bytesMax(),
                configuration.segment().memoryBytesMax());
    }

    /** An archiver that counts on from where another one of this process ended. */
    public Archiver archiver(Archive archive, Path temporary, ArchiverProgress before) {
        return new Archiver(archive, segmentLimits(), temporary, clock, before);
    }

    public ChangeLog changeLog(ChangeLogTopic topic) {
        return ChangeLog.join(topic.name(), topic.kafka(), topic.cipher());
    }

    /**
     * The change log, read beside who archives it.
     *
     * @throws TidemarkException when Kafka cannot be reached
     */
    public ChangeLog changeLogBeside() {
        String servers =
                switch (configuration.neededKafka()) {
                    case KafkaSettings.Brokers outside -> outside.bootstrapServers();
                    case KafkaSettings.Embedded embedded ->
                            KafkaBroker.running(embedded.directory())
                                    .orElseThrow(
                                            () ->
                                                    TidemarkException.failed(
                                                            "the embedded Kafka in %s does not run"
                                                                    .formatted(
                                                                            embedded.directory()),
                                                            "Start 'tidemark run'."));
                };
        ChangeLogTopic topic = topic(servers);
        return ChangeLog.beside(topic.name(), topic.kafka(), topic.cipher());
    }

    /** Where a database that follows has it from: the archive, or the change log too. */
    public FollowSource followLog(Archive archive, Path temporary) {
        return new FollowLog(archive, this::changeLogBeside, segmentLimits(), temporary, clock);
    }

    /**
     * What is known of the tables of a schema by the settings' profile; without one, by common
     * names of columns.
     *
     * @param catalog the newest one
     * @throws TidemarkException with all that is wrong in the profile, or does not fit the schema
     */
    public Profile profile(Catalog catalog) {
        return configuration
                .profile()
                .map(ProfileSettings::read)
                .map(file -> Profile.of(file, catalog))
                .orElseGet(() -> Profile.none(catalog));
    }

    /**
     * Whom rows name that were changed, by the settings' profile, or common names of columns. What
     * of a profile fits the schema no more is passed over: 'tidemark profile' tells of it.
     */
    public Claims claims(Archive archive) throws IOException {
        return profileOf(archive).map(Claims::by).orElse(Claims.NONE);
    }

    /**
     * How those were called who act, by the settings' profile, as far as it fits the schema.
     *
     * @param folder for files while they are read
     */
    public UserNames users(Archive archive, Path folder) throws IOException {
        return profileOf(archive)
                .map(profile -> UserNames.by(profile, archive, folder))
                .orElseGet(() -> UserNames.none(archive, folder));
    }

    /** What tells of rows, with whom they name and how these were called. */
    public RowHistory rowHistory(Archive archive, Path folder) throws IOException {
        return new RowHistory(archive, folder, claims(archive), users(archive, folder));
    }

    /**
     * What is known of the tables of an archive's newest schema; empty when it holds none. What of
     * a profile fits it no more is passed over.
     */
    public Optional<Profile> profileOf(Archive archive) throws IOException {
        Optional<Manifest> newest = archive.state().newest();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Catalog catalog = archive.catalog(newest.get().catalog());
        return Optional.of(
                configuration
                        .profile()
                        .map(ProfileSettings::read)
                        .map(file -> Profile.at(file, catalog))
                        .orElseGet(() -> Profile.none(catalog)));
    }

    /** A folder for one command's files. */
    public TemporaryFolder temporary(String purpose) {
        return TemporaryFolder.create(configuration.temporaryDirectory(), purpose);
    }
}
