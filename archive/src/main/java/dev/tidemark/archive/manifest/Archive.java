package dev.tidemark.archive.manifest;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.json.CanonicalJson;
import dev.tidemark.schemas.log.Announcement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An archive: its identity, the state that its manifests add up to, and the one way to change it.
 *
 * <p>{@link #state} is read once and again by {@link #refresh}; a commit moves it on. For one
 * thread, but for {@link #fetch}.
 */
public final class Archive implements AutoCloseable {
    /** A checkpoint is written after so many manifests: opening reads fewer than that. */
    static final int CHECKPOINT_EVERY = 1_000;

    private static final int WRITER_BYTES = 4;

    private final ObjectStore store;
    private final ArchiveIdentity identity;
    private final ManifestLog log;
    private final Garbage garbage;
    private final String writer;
    private ArchiveState state;
    private ArchiveState newer = ArchiveState.EMPTY; // when somebody asked last
    private boolean isNew;

    private Archive(ObjectStore store, ArchiveIdentity identity, String writer) {
        this.store = store;
        this.identity = identity;
        this.log = new ManifestLog(store);
        this.garbage = new Garbage(store);
        this.writer = writer;
        this.state = ArchiveState.EMPTY;
    }

    private static String newWriter() {
        byte[] random = new byte[WRITER_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /**
     * Creates an archive, or opens one of the same source that was created and never written to.
     *
     * @throws TidemarkException when there is another archive
     */
    public static Archive create(ObjectStore store, ArchiveIdentity identity) throws IOException {
        return create(store, identity, newWriter());
    }

    static Archive create(ObjectStore store, ArchiveIdentity identity, String writer)
            throws IOException {
        if (store.putIfAbsent(ArchiveIdentity.NAME, CanonicalJson.write(identity))) {
            Archive created = new Archive(store, identity, writer);
            created.isNew = true;
            return created;
        }
        Archive there = open(store);
        there.checkIsOf(identity.source(), identity.systemId(), identity.database());
        if (there.state.newest().isPresent()) {
            throw TidemarkException.refused(
                    "the archive "
                            + store.url()
                            + " exists already and holds a base of "
                            + there.state.manifests().getFirst().written(),
                    "Nothing is left to initialise. For a new archive choose another archive.url.");
        }
        return there;
    }

    /**
     * Opens an archive.
     *
     * @throws TidemarkException when there is none, or a newer version wrote it, or its manifests
     *     do not fit together
     */
    public static Archive open(ObjectStore store) throws IOException {
        return open(store, newWriter());
    }

    static Archive open(ObjectStore store, String writer) throws IOException {
        Archive archive = new Archive(store, identity(store), writer);
        archive.refresh();
        return archive;
    }

    /** The same; empty when there is none. */
    public static Optional<Archive> find(ObjectStore store) throws IOException {
        Optional<byte[]> content = identityIn(store);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(open(store));
    }

    private static Optional<byte[]> identityIn(ObjectStore store) throws IOException {
        try {
            return Optional.of(store.get(ArchiveIdentity.NAME));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static ArchiveIdentity identity(ObjectStore store) throws IOException {
        byte[] content =
                identityIn(store)
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "there is no archive at " + store.url(),
                                                "Check archive.url; 'tidemark init' creates an archive."));
        ArchiveIdentity identity =
                CanonicalJson.read(
                        content, ArchiveIdentity.class, store.url() + " " + ArchiveIdentity.NAME);
        if (identity.format() != ArchiveIdentity.FORMAT) {
            throw TidemarkException.refused(
                    "the archive %s has format %d, and this version knows format %d"
                            .formatted(store.url(), identity.format(), ArchiveIdentity.FORMAT),
                    "A newer Tidemark wrote it: upgrade this one.");
        }
        return identity;
    }

    /**
     * Why the manifests cannot be trusted, or empty: all are read from the first one on, whatever
     * checkpoints say.
     *
     * @throws TidemarkException when there is no archive, or a newer version wrote it
     */
    public static Optional<String> damage(ObjectStore store) throws IOException {
        identity(store);
        try {
            new ManifestLog(store).readAll();
            return Optional.empty();
        } catch (TidemarkException e) {
            if (e.kind() == TidemarkException.Kind.FAILED) {
                throw e;
            }
            return Optional.ofNullable(e.getMessage());
        }
    }

    /**
     * Is this the archive of that source?
     *
     * @throws TidemarkException when it is of another
     */
    public void checkIsOf(String source, String systemId, String database) {
        if (!systemId().equals(systemId) || !identity.database().equals(database)) {
            throw TidemarkException.refused(
                    "the archive %s is of database '%s' in system %s, not of '%s' in system %s"
                            .formatted(
                                    store.url(),
                                    identity.database(),
                                    systemId(),
                                    database,
                                    systemId),
                    "Check source.url and archive.url. After an upgrade or a restore of the source by other means,"
                            + " 'tidemark base --from-source' goes on in this archive.");
        }
        checkIsOf(source);
    }

    /**
     * Is this the archive of the source with that name?
     *
     * @throws TidemarkException when it is of another
     */
    public void checkIsOf(String source) {
        if (!identity.source().equals(source)) {
            throw TidemarkException.refused(
                    "the archive %s was created for the source name '%s', not '%s'"
                            .formatted(store.url(), identity.source(), source),
                    "Check archive.url; if it is right, set source.name as it was.");
        }
    }

    /** Did this process create it? */
    public boolean isNew() {
        return isNew;
    }

    public ArchiveIdentity identity() {
        return identity;
    }

    /** The cluster's own identity as of now: after a gap it may be another than at first. */
    public String systemId() {
        return state.systemId().orElse(identity.systemId());
    }

    public ArchiveState state() {
        return state;
    }

    /** What was done with it. */
    public Ledger ledger() {
        return new Ledger(store);
    }

    /** For people: where it is. */
    public String url() {
        return store.url();
    }

    /** Names this process in its manifests and folders. */
    public String writer() {
        return writer;
    }

    /**
     * Is this not the archive that an archiver told of, but an older or another copy of it?
     *
     * @return what speaks for that
     */
    public Optional<String> contradicts(Optional<Announcement> announced) throws IOException {
        Optional<Announcement> naming = announced.filter(Announcement::namesManifest);
        return naming.isEmpty() ? Optional.empty() : contradicts(naming.get());
    }

    private Optional<String> contradicts(Announcement said) throws IOException {
        if (said.manifest() > state.last()) {
            boolean isNew = // the log was kept, and another archive begins further on
                    state.newest().filter(base -> base.log().offset() >= said.offset()).isPresent();
            return isNew
                    ? Optional.empty()
                    : Optional.of(
                            "the archive %s was put back to an older copy: it ends with manifest %d, and had %d already; what it lacks is read from the change log again"
                                    .formatted(store.url(), state.last(), said.manifest()));
        }
        if (!log.hashOf(said.manifest()).equals(Optional.of(said.hash()))) {
            return Optional.of(
                    "the archive %s is another copy than before: its manifest %d is not the one that was published; it goes on from its own end"
                            .formatted(store.url(), said.manifest()));
        }
        return Optional.empty();
    }

    /** Reads manifests that others published since. */
    public void refresh() throws IOException {
        state = log.read(state);
    }

    /**
     * Uploads a local file for the manifest that comes next; it counts once that is committed.
     *
     * @param fileName the last part of its name
     */
    public FileRef upload(
            Path file, String fileName, FileRef.Kind kind, long rows, long table, int version)
            throws IOException {
        String name = Manifest.folder(state.last() + 1, writer) + fileName;
        FileRef ref =
                new FileRef(
                        name, kind, Files.size(file), rows, Hashes.sha256(file), table, version);
        store.put(name, file);
        return ref;
    }

    /** Uploads a small object for the manifest that comes next. */
    public FileRef upload(byte[] content, String fileName, FileRef.Kind kind) throws IOException {
        String name = Manifest.folder(state.last() + 1, writer) + fileName;
        FileRef ref = new FileRef(name, kind, content.length, 0, Hashes.sha256(content), 0, 0);
        if (!store.putIfAbsent(name, content) && !Arrays.equals(store.get(name), content)) {
            throw TidemarkException.failed(
                    "the archive already holds another object " + name, "Run the command again.");
        }
        return ref;
    }

    /** Uploads a catalog for the manifest that comes next. */
    public FileRef upload(Catalog catalog) throws IOException {
        return upload(CatalogFile.write(catalog), CatalogFile.NAME, FileRef.Kind.CATALOG);
    }

    /**
     * Publishes a manifest with the number after the newest one.
     *
     * @param draft with any number, previous and writer: they are filled in, and so is a look that
     *     it lacks
     * @throws LostRaceException when another writer was first; what was uploaded counts for nothing
     */
    public Manifest commit(Manifest draft) throws IOException, LostRaceException {
        Manifest manifest =
                new Manifest(
                        ArchiveIdentity.FORMAT,
                        state.last() + 1,
                        state.hash(),
                        draft.kind(),
                        writer,
                        draft.written(),
                        draft.timeline(),
                        draft.log(),
                        draft.span(),
                        draft.catalog(),
                        draft.files(),
                        draft.look().or(() -> look(draft.kind())),
                        draft.gap(),
                        draft.mark(),
                        draft.merged(),
                        draft.hold(),
                        draft.expiry());
        state = log.append(state, manifest);
        return manifest;
    }

    /**
     * What was looked at before a gap says nothing of what comes after it, and a merged segment has
     * the look of its own end.
     */
    private Optional<Look> look(Manifest.Kind kind) {
        return kind == Manifest.Kind.BASE || kind == Manifest.Kind.MERGED_SEGMENT
                ? Optional.empty()
                : state.newest().flatMap(Manifest::look);
    }

    /**
     * Copies a published file to local disk and checks that it is what its manifest says. Safe for
     * use by many threads.
     *
     * @param folder where to put it; the caller deletes it
     * @throws TidemarkException when it is missing, truncated or altered
     */
    public Path fetch(FileRef file, Path folder) throws IOException {
        Path local = folder.resolve(file.name().replace('/', '_'));
        try {
            store.download(file.name(), local);
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
        long bytes = Files.size(local);
        if (bytes != file.bytes()) {
            throw damaged(file, "has " + bytes + " bytes instead of " + file.bytes());
        }
        if (!Hashes.sha256(local).equals(file.sha256())) {
            throw damaged(file, "was altered: its SHA-256 is not the one in its manifest");
        }
        return local;
    }

    /**
     * Checks that a published file is there and has its size; reads nothing of it. Safe for use by
     * many threads.
     *
     * @throws TidemarkException when it is missing or truncated
     */
    public void checkSize(FileRef file) throws IOException {
        long bytes;
        try {
            bytes = store.size(file.name());
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
        if (bytes != file.bytes()) {
            throw damaged(file, "has " + bytes + " bytes instead of " + file.bytes());
        }
    }

    /** Reads a published catalog and checks it. */
    public Catalog catalog(FileRef file) throws IOException {
        return CatalogFile.read(read(file), file.name());
    }

    /** Reads a published small object and checks it. */
    public byte[] read(FileRef file) throws IOException {
        byte[] content;
        try {
            content = store.get(file.name());
        } catch (NoSuchFileException e) {
            throw missing(file);
        }
        if (content.length != file.bytes() || !Hashes.sha256(content).equals(file.sha256())) {
            throw damaged(file, "was altered: its SHA-256 is not the one in its manifest");
        }
        return content;
    }

    /** Was a file that this one's state names merged away since? Safe for use by many threads. */
    public boolean isReplaced(FileRef file) throws IOException {
        if (!state.names(file)) {
            return false;
        }
        synchronized (log) {
            newer = log.read(newer.last() < state.last() ? state : newer);
            return !newer.names(file);
        }
    }

    /** Whoever reads for hours may find that what he reads was merged and is gone. */
    private TidemarkException missing(FileRef file) throws IOException {
        if (isReplaced(file)) {
            return TidemarkException.failed(
                    "the archive's file %s is gone: its segment was merged since this began"
                            .formatted(file.name()),
                    "Nothing is lost. Run the command again: it reads what took its place.");
        }
        return damaged(file, "is missing");
    }

    private TidemarkException damaged(FileRef file, String how) {
        return TidemarkException.refused(
                "the archive's file " + file.name() + " " + how,
                "Run 'tidemark verify' to list all damage. Restore the file from a copy of the archive if you have one.");
    }

    /** Removes files that this writer uploaded and never tried to publish. */
    public void discard(List<FileRef> uploaded) throws IOException {
        for (FileRef file : uploaded) {
            store.delete(file.name());
        }
    }

    /**
     * Removes folders of numbers that are decided and that no manifest names: left by those who
     * lost or broke off. Those of the writers who began bases last stay.
     */
    public int collectGarbage() throws IOException {
        return garbage.collectNew(state, writer);
    }

    /**
     * Puts manifests of long ago together, a thousand in an object. Who opened the archive before
     * that and never since reads them from there.
     *
     * @param writtenBefore all of them: longer ago than any writer may have stood still
     * @return how many
     */
    public int pack(Instant writtenBefore) throws IOException {
        return log.pack(state, writtenBefore);
    }

    /** Removes all files that no manifest names any more, also of long ago. */
    public int collectReplaced() throws IOException {
        return garbage.collectOld(state, writer);
    }

    /**
     * Removes all that was uploaded to an archive that has no manifest yet: left by a broken-off
     * first base.
     */
    public void discardUnpublished() throws IOException {
        if (state.newest().isPresent()) {
            throw new IllegalStateException("the archive has manifests");
        }
        garbage.discardAll();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
