package dev.tidemark.archive.manifest;

import dev.tidemark.archive.access.AccessLog;
import dev.tidemark.archive.crypt.EncryptedFiles;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.Keyring;
import dev.tidemark.archive.crypt.SealedTexts;
import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.proof.Anchor;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.store.LayeredObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.log.Announcement;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
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
    static final int CHECKPOINT_EVERY = 100;

    private static final int WRITER_BYTES = 4;

    private final ObjectStore store;
    private final ArchiveIdentity identity;
    private final Optional<Keyring> keyring;
    private final ManifestLog log;
    private final Relock relock;
    private final Garbage garbage;
    private final ArchiveFiles files;
    private final SealedTexts texts;
    private final String writer;
    private Signing signing = Signing.none();
    private Optional<Seal> seal = Optional.empty(); // once it was needed
    private Optional<Read> catalog = Optional.empty(); // the last one
    private ArchiveState published = ArchiveState.EMPTY; // with its texts as they are stored
    private volatile ArchiveState state = ArchiveState.EMPTY; // uploads ask for the next number
    private ArchiveState newer = ArchiveState.EMPTY; // when somebody asked last
    private boolean isNew;
    private boolean isAsFound; // with manifests that may be damaged
    private boolean isPrivate; // nobody else reads what is published in it

    /** Nothing is read yet, see {@link ArchiveOpening}. */
    Archive(ObjectStore store, ArchiveIdentity identity, Optional<Keyring> keyring, String writer) {
        this.store = store;
        this.identity = identity;
        this.keyring = keyring;
        this.log = new ManifestLog(store);
        this.relock = new Relock(store, identity);
        this.garbage = new Garbage(store);
        this.files = new ArchiveFiles(store, keyring.map(EncryptedFiles::new), this::isReplaced);
        this.texts = keyring.map(SealedTexts::of).orElse(SealedTexts.NONE);
        this.writer = writer;
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
        return create(store, identity, KeyChain.EMPTY);
    }

    /**
     * The same; encrypted if there is a key.
     *
     * @param keys one at most
     */
    public static Archive create(ObjectStore store, ArchiveIdentity identity, KeyChain keys)
            throws IOException {
        return create(store, identity, keys, newWriter());
    }

    static Archive create(ObjectStore store, ArchiveIdentity identity, KeyChain keys, String writer)
            throws IOException {
        return new ArchiveOpening(store, keys, writer).create(identity);
    }

    /**
     * Opens an archive that is not encrypted.
     *
     * @throws TidemarkException when there is none, or a newer version wrote it, or its manifests
     *     do not fit together, or it is encrypted
     */
    public static Archive open(ObjectStore store) throws IOException {
        return open(store, KeyChain.EMPTY);
    }

    /**
     * Opens an archive, with its key if it is encrypted.
     *
     * @throws TidemarkException when there is none, or a newer version wrote it, or its manifests
     *     do not fit together, or its key is not among these, or it needs none
     */
    public static Archive open(ObjectStore store, KeyChain keys) throws IOException {
        return open(store, keys, newWriter());
    }

    static Archive open(ObjectStore store, KeyChain keys, String writer) throws IOException {
        return new ArchiveOpening(store, keys, writer).open();
    }

    /**
     * Opens an archive to check it without the key: what is encrypted is neither read nor written.
     */
    public static Archive openWithoutKey(ObjectStore store) throws IOException {
        return new ArchiveOpening(store, KeyChain.EMPTY, newWriter()).openWithoutKey();
    }

    /**
     * Opens an archive to look at its files as a check of its manifests found it, damaged or not:
     * it is decrypted as far as these keys open it, and must not be written where the manifests do
     * not add up.
     */
    public static Archive openAsFound(ObjectStore store, ChainReport chain, KeyChain keys)
            throws IOException {
        return new ArchiveOpening(store, keys, newWriter()).openAsFound(chain);
    }

    /**
     * Opens one that may be there and may not be finished; empty when there is none. One without a
     * manifest gets its keys if it lacks them.
     */
    public static Optional<Archive> find(ObjectStore store, KeyChain keys) throws IOException {
        return new ArchiveOpening(store, keys, newWriter()).find();
    }

    /**
     * Why the manifests cannot be trusted, or empty: all are read from the first one on, whatever
     * checkpoints say. Signatures are not looked at.
     *
     * @throws TidemarkException when there is no archive, or a newer version wrote it
     */
    public static Optional<String> damage(ObjectStore store) throws IOException {
        return ChainCheck.run(store, SignatureRule.NONE, List.of()).findings().stream()
                .map(Finding::message)
                .findFirst();
    }

    /**
     * The same archive as of now, for this process alone: what is published there is kept in
     * another store and not signed, and what others publish here does not show there. To be closed
     * before this one.
     *
     * @param own takes what is published; closed with it
     */
    public Archive privately(ObjectStore own) throws IOException {
        Archive copy =
                new Archive(new LayeredObjectStore(store, own), identity, keyring, newWriter());
        copy.isPrivate = true;
        copy.limitDecrypted(localBytesMax());
        copy.tell(published);
        return copy;
    }

    /** What is published from now on is signed so. */
    public void signWith(Signing newSigning) {
        signing = newSigning;
    }

    /** Of an encrypted archive no more than this is in clear on local disk at a time. */
    public void limitDecrypted(long bytesMax) {
        files.limitDecrypted(bytesMax);
    }

    /** How many bytes of its files may be on local disk at a time, in clear. */
    public long localBytesMax() {
        return files.localBytesMax();
    }

    /**
     * What names the key that manifests are signed with; empty when they are not.
     *
     * @throws TidemarkException when the key cannot be used, or this archive must be signed and
     *     there is none
     */
    public Optional<String> signer() throws IOException {
        return seal().map(mine -> mine.key().signer());
    }

    /**
     * Can something be published? Asked by those who work long before they do that.
     *
     * @throws TidemarkException as {@link #signer} does, or when only a newer version may
     */
    public void checkSigning() throws IOException {
        log.checkWritable();
        Optional<String> unused = signer();
    }

    private Optional<Seal> seal() throws IOException {
        if (isPrivate) {
            return Optional.empty();
        }
        if (seal.isEmpty()) {
            Optional<Seal> mine = Seal.of(signing, store, state);
            if (mine.isPresent()) {
                tell(log.sealedWith(mine.get(), published));
            }
            seal = mine;
        }
        return seal;
    }

    /** What to keep elsewhere, so that it shows when the archive is rolled back or replaced. */
    public Anchor anchor(Instant now) throws IOException {
        return state.anchor(store.url(), ArchiveIdentity.hash(store), identity.source(), now);
    }

    /**
     * Is this the archive of that source?
     *
     * @throws TidemarkException when it is of another
     */
    public void checkIsOf(String source, String systemId, String database) {
        identity.checkIsOf(store.url(), systemId(), systemId, database);
        checkIsOf(source);
    }

    /**
     * Is this the archive of the source with that name?
     *
     * @throws TidemarkException when it is of another
     */
    public void checkIsOf(String source) {
        identity.checkIsOf(store.url(), source);
    }

    /** Did this process create it? */
    public boolean isNew() {
        return isNew;
    }

    void isNewSince(boolean created) {
        isNew = created;
    }

    public ArchiveIdentity identity() {
        return identity;
    }

    /** The cluster's own identity as of now: after a gap it may be another than at first. */
    public String systemId() {
        return state.systemId().orElse(identity().systemId());
    }

    public ArchiveState state() {
        return state;
    }

    /** What was done with it. */
    public Ledger ledger() {
        return new Ledger(store, texts);
    }

    /** What was asked of it. */
    public AccessLog access() {
        return new AccessLog(store, keyring.map(EncryptedFiles::new));
    }

    /** What proves it up to the newest manifest that is known. */
    public StoredChain stored() {
        return new StoredChain(store, published);
    }

    /**
     * From now on each file that is read is noted, and none is read without being held against its
     * hash.
     */
    public ReadFiles noteReads() {
        catalog = Optional.empty();
        return files.noteReads();
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
        return naming.isEmpty()
                ? Optional.empty()
                : new OtherCopy(store, log).speaksFor(state, naming.get());
    }

    /** Reads manifests that others published since. */
    public void refresh() throws IOException {
        tell(log.read(published));
    }

    /** What a check found instead. */
    void take(ChainReport chain) throws IOException {
        isAsFound = true;
        tell(chain.state());
    }

    /**
     * Could the texts in manifests be opened? Of those that do not open, each still looks sealed.
     */
    public boolean opensTexts() {
        return texts.opensSealed();
    }

    private void tell(ArchiveState now) throws IOException {
        published = now;
        state = new ManifestTexts(isAsFound ? texts.asFound() : texts).opened(now);
    }

    /**
     * Uploads a local file for the manifest that comes next; it counts once that is committed. In
     * an encrypted archive there are for a moment two of it on local disk.
     *
     * @param fileName the last part of its name
     */
    public FileRef upload(
            Path file, String fileName, FileRef.Kind kind, long rows, long table, int version)
            throws IOException {
        return files.upload(file, nextFolder() + fileName, kind, rows, table, version);
    }

    /** Uploads a small object for the manifest that comes next. */
    public FileRef upload(byte[] content, String fileName, FileRef.Kind kind) throws IOException {
        return files.upload(content, nextFolder() + fileName, kind);
    }

    private String nextFolder() {
        return Manifest.folder(state.last() + 1, writer);
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
        long planned = state.last();
        Optional<Seal> mine = seal();
        if (state.last() != planned) { // the first seal may read all manifests anew
            throw new LostRaceException(
                    "others published in %s since this was decided".formatted(store.url()));
        }
        Manifest unsigned =
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
        relock.before(unsigned, published);
        Manifest sealed = new ManifestTexts(texts).sealed(unsigned);
        Manifest signed = mine.map(one -> one.sign(sealed)).orElse(sealed);
        tell(log.append(published, signed));
        return state.published().orElseThrow();
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
     * Copies a published file to local disk and checks that it is what its manifest says; a file of
     * an encrypted archive is decrypted there. Safe for use by many threads.
     *
     * @param folder where to put it, private to this user; the caller deletes it
     * @throws TidemarkException when it is missing, truncated or altered
     */
    public Path fetch(FileRef file, Path folder) throws IOException {
        return files.fetch(file, folder);
    }

    /**
     * Where a published file can be read as it is, without a copy of it; of its content nothing is
     * checked but the size. Empty where only {@link #fetch} reads it.
     */
    public Optional<Path> inPlace(FileRef file) throws IOException {
        return files.inPlace(file);
    }

    /**
     * Reads a published file and checks that it is what its manifest says, without the key of an
     * encrypted archive too. Safe for use by many threads.
     *
     * @param folder for a copy meanwhile
     * @throws TidemarkException when it is missing, truncated or altered
     */
    public void checkContent(FileRef file, Path folder) throws IOException {
        files.checkContent(file, folder);
    }

    /**
     * Checks that a published file is there and has its size; reads nothing of it. Safe for use by
     * many threads.
     *
     * @throws TidemarkException when it is missing or truncated
     */
    public void checkSize(FileRef file) throws IOException {
        files.checkSize(file);
    }

    /** Is there an object with a published file's name, whatever is in it? */
    public boolean holds(FileRef file) throws IOException {
        return files.isThere(file);
    }

    /** Reads a published catalog and checks it. */
    public Catalog catalog(FileRef file) throws IOException {
        if (catalog.isEmpty() || !catalog.get().file().equals(file)) {
            catalog = Optional.of(new Read(file, CatalogFile.read(read(file), file.name())));
        }
        return catalog.get().catalog();
    }

    /** A catalog that was read. */
    private record Read(FileRef file, Catalog catalog) {}

    /** Reads a published small object and checks it. */
    public byte[] read(FileRef file) throws IOException {
        return files.read(file);
    }

    /** Was a file that this one's state names merged away since? Safe for use by many threads. */
    public boolean isReplaced(FileRef file) throws IOException {
        if (!state.names(file)) {
            return false;
        }
        synchronized (log) {
            try {
                newer = log.read(newer.last() < state.last() ? state : newer);
            } catch (TidemarkException e) {
                if (!isAsFound || e.kind() == TidemarkException.Kind.FAILED) {
                    throw e;
                }
                return false; // nothing newer can be told of a damaged one
            }
            return !newer.names(file);
        }
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
        log.checkWritable();
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
        log.checkWritable();
        return garbage.collectOld(state, writer);
    }

    /**
     * Removes all that was uploaded to an archive that has no manifest yet: left by a broken-off
     * first base.
     */
    public void discardUnpublished() throws IOException {
        log.checkWritable();
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
