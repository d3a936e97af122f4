package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.KeysReport;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads every manifest of an archive, from the first one on and whatever checkpoints say, and goes
 * on after what is wrong: chain, signatures, packs, checkpoints, and what others know of it. For
 * one thread; used once.
 */
public final class ChainCheck {
    private final ObjectStore store;
    private final KeyChain keys;
    private final ManifestBlocks blocks;
    private final SignatureCheck signatures;
    private final WitnessCheck witnesses;
    private final FutureGuard guard;
    private final List<Finding> findings = new ArrayList<>();
    private final NavigableMap<Long, String> checkpoints = new TreeMap<>();
    private final List<Manifest> pending = new ArrayList<>(); // not in the state yet
    private ArchiveState state = ArchiveState.EMPTY; // of what can be read
    private Optional<TidemarkException> newer = Optional.empty(); // what this version cannot check
    private boolean isRead = true;
    private long last = -1;
    private String hash = "";

    private ChainCheck(
            ObjectStore store,
            String archive,
            SignatureRule rule,
            List<Witness> witnesses,
            KeyChain keys) {
        this.store = store;
        this.keys = keys;
        this.blocks = new ManifestBlocks(store, this::wrong);
        // What is signed names the archive.
        this.signatures =
                new SignatureCheck(archive.isEmpty() ? SignatureRule.NONE : rule, archive);
        this.witnesses = new WitnessCheck(witnesses, archive);
        this.guard = new FutureGuard(store.url());
    }

    /** The same by who holds no key of an encrypted archive. */
    public static ChainReport run(ObjectStore store, SignatureRule rule, List<Witness> witnesses)
            throws IOException {
        return run(store, rule, witnesses, KeyChain.EMPTY);
    }

    /**
     * Checks all.
     *
     * @param witnesses what is outside and knows the archive
     * @param keys of an archive that is encrypted
     * @throws TidemarkException when there is no archive and nobody knows one, or a newer version
     *     wrote it
     */
    public static ChainReport run(
            ObjectStore store, SignatureRule rule, List<Witness> witnesses, KeyChain keys)
            throws IOException {
        Optional<byte[]> identity = ArchiveIdentity.find(store);
        boolean isKnown = rule.isAsked() || !witnesses.isEmpty();
        if (identity.isEmpty() && !isKnown && !hasManifests(store)) {
            throw ArchiveIdentity.noArchive(store.url());
        }
        String archive = identity.map(Hashes::sha256).orElse("");
        return new ChainCheck(store, archive, rule, witnesses, keys).run(identity, archive);
    }

    private static boolean hasManifests(ObjectStore store) throws IOException {
        return !store.list(ManifestLog.MANIFESTS, "", 1).isEmpty()
                || !store.list(ManifestPacks.FOLDER, "", 1).isEmpty();
    }

    private ChainReport run(Optional<byte[]> stored, String archive) throws IOException {
        Optional<ArchiveIdentity> identity = identity(stored);
        for (String name : new ManifestLog(store).checkpoints()) {
            addCheckpoint(name);
        }
        for (Map<Long, byte[]> block = blocks.next(); !block.isEmpty(); block = blocks.next()) {
            for (Map.Entry<Long, byte[]> manifest : block.entrySet()) {
                add(manifest.getKey(), manifest.getValue());
            }
            flush();
        }
        checkpoints.tailMap(last, false).forEach(this::endsBefore);
        blocks.strays().forEach(this::stray);
        missNone();
        witnesses.finish(last);
        findings.addAll(signatures.findings());
        findings.addAll(witnesses.findings());
        KeysReport found = keys(identity);
        findings.addAll(found.findings());
        refuseUnlessDamaged();
        return new ChainReport(
                archive,
                identity,
                last,
                hash,
                signatures.signed(),
                isRead,
                new ArchiveState(last, hash, state.manifests(), state.replaced(), state.emptied()),
                found,
                signatures.isGood(),
                witnesses.isHeld(),
                findings);
    }

    /** Empty when it is missing, or says nothing that can be relied on. */
    private Optional<ArchiveIdentity> identity(Optional<byte[]> stored) {
        if (stored.isEmpty()) {
            findings.add(
                    new Finding(
                            Verdict.MISSING,
                            "the archive %s lacks %s"
                                    .formatted(store.url(), ArchiveIdentity.NAME)));
            return Optional.empty();
        }
        byte[] content = stored.get();
        if (isTooNew(guard.tooNewToWrite(content, ArchiveIdentity.NAME))) {
            return Optional.empty();
        }
        Optional<TidemarkException> refusal = guard.noFormat(content, ArchiveIdentity.NAME);
        try {
            if (refusal.isEmpty()) {
                return Optional.of(ArchiveIdentity.read(content, store.url()));
            }
        } catch (TidemarkException e) { // not JSON, or of another form
            refusal = Optional.of(e);
        }
        refusal.ifPresent(why -> stray(String.valueOf(why.getMessage())));
        return Optional.empty();
    }

    private KeysReport keys(Optional<ArchiveIdentity> identity) throws IOException {
        if (identity.isEmpty()) {
            return KeysReport.of(KeysReport.Standing.UNKNOWN);
        }
        try {
            return ArchiveKeys.check(store, identity.get(), keys, last);
        } catch (TidemarkException e) { // a newer version encrypted it
            refuseToGoOn(e);
            newer = newer.or(() -> Optional.of(e));
            return KeysReport.of(KeysReport.Standing.UNKNOWN);
        }
    }

    /**
     * Who alters a manifest may say in it that a newer version wrote it: where anything else is
     * wrong, so is that.
     */
    private void refuseUnlessDamaged() {
        if (newer.isPresent()) {
            if (findings.isEmpty()) {
                throw newer.get();
            }
            wrong(Verdict.ALTERED, newer.get());
        }
    }

    private void addCheckpoint(String name) {
        if (name.matches("checkpoints/00\\d{18}\\.json")) {
            String number = name.substring(name.indexOf('/') + 1, name.indexOf('.'));
            checkpoints.put(Long.parseLong(number), name);
        } else { // opening would take it for the newest
            stray("the archive has a checkpoint called " + name);
        }
    }

    private void add(long number, byte[] stored) throws IOException {
        boolean isAfterHole = number != last + 1;
        if (isAfterHole) {
            Merged.Range hole = new Merged.Range(last + 1, number - 1);
            wrong(Verdict.MISSING, ManifestLog.lacks(store.url(), hole));
        }
        String before = hash;
        last = number;
        hash = Hashes.sha256(stored);
        witnesses.add(number, hash);
        String name = Manifest.name(number);
        if (isTooNew(guard.tooNew(stored, name))) {
            signatures.add(number, stored); // anybody can say that it is
            return;
        }
        if (isNoFormat(stored, name)) {
            return;
        }
        try {
            Manifest manifest =
                    CanonicalJson.read(stored, Manifest.class, store.url() + " " + name);
            if (manifest.number() != number) {
                wrong(
                        new Finding(
                                Verdict.ALTERED,
                                "the archive's manifest %s says that it is number %d"
                                        .formatted(name, manifest.number())));
            } else if (!isAfterHole && !manifest.previous().equals(before)) {
                wrong(Verdict.ALTERED, ManifestLog.doesNotFollow(name));
            }
            signatures.add(number, stored);
            if (!isSound(manifest)) {
                wrong(
                        new Finding(
                                Verdict.ALTERED,
                                "the archive's manifest %s names what cannot be".formatted(name)));
            } else if (manifest.number() == number) {
                pending.add(manifest);
            }
        } catch (TidemarkException e) { // not JSON, or no manifest
            wrong(Verdict.ALTERED, e);
        }
        checkAgainstCheckpoint(number);
    }

    /** Who alters one may leave out what all have, or name what no store can hold. */
    private static boolean isSound(Manifest manifest) {
        return Stream.of(manifest.kind(), manifest.span(), manifest.catalog())
                        .allMatch(Objects::nonNull)
                && Stream.concat(Stream.of(manifest.catalog()), manifest.files().stream())
                        .map(FileRef::name)
                        .allMatch(name -> name != null && ObjectStore.isName(name));
    }

    /** No version wrote it so. */
    private boolean isNoFormat(byte[] stored, String name) {
        Optional<TidemarkException> refusal = guard.noFormat(stored, name);
        refusal.ifPresent(why -> wrong(Verdict.ALTERED, why));
        return refusal.isPresent();
    }

    /** What follows from it cannot be told; the chain can be followed on. */
    private boolean isTooNew(Optional<TidemarkException> refusal) {
        newer = newer.or(() -> refusal);
        isRead &= refusal.isEmpty();
        return refusal.isPresent();
    }

    private void flush() {
        if (!pending.isEmpty()) {
            state = state.with(pending, hash);
        }
        pending.clear();
    }

    private void checkAgainstCheckpoint(long number) throws IOException {
        String name = checkpoints.remove(number);
        if (name == null) {
            return;
        }
        flush();
        if (isRead && !isAsInCheckpoint(name)) {
            stray(
                    "the checkpoint %s of the archive %s is not what its manifests say"
                            .formatted(name, store.url()));
        }
    }

    private boolean isAsInCheckpoint(String name) throws IOException {
        try {
            byte[] content = store.get(name);
            if (isTooNew(guard.tooNewCheckpoint(content, name))) {
                return true;
            }
            Checkpoint read =
                    CanonicalJson.read(content, Checkpoint.class, store.url() + " " + name);
            return read.isOfOnce()
                    ? read.state().withReplaced(state.replaced()).equals(state)
                    : read.state().equals(state);
        } catch (NoSuchFileException e) {
            return true; // an old one, that was deleted since
        } catch (TidemarkException e) {
            refuseToGoOn(e);
            return false;
        }
    }

    /** A checkpoint of what the manifests do not have. */
    private void endsBefore(long number, String name) {
        wrong(
                new Finding(
                        Verdict.MISSING,
                        "the archive %s ends with manifest %d, and its checkpoint %s has manifest %d"
                                .formatted(store.url(), last, name, number)));
    }

    private void wrong(Verdict verdict, TidemarkException how) {
        refuseToGoOn(how);
        wrong(new Finding(verdict, String.valueOf(how.getMessage())));
    }

    /** Who says which keys to trust knows an archive that was written to. */
    private void missNone() {
        if (last < 0 && signatures.isAsked()) {
            findings.add(
                    new Finding(
                            Verdict.MISSING,
                            "the archive %s holds no manifest".formatted(store.url())));
        }
    }

    /** What broke on the way says nothing of the archive. */
    static void refuseToGoOn(TidemarkException e) {
        if (e.kind() == TidemarkException.Kind.FAILED) {
            throw e;
        }
    }

    /** What is no part of the archive, and lies in its way: it says nothing of the rest. */
    private void stray(String message) {
        findings.add(new Finding(Verdict.ALTERED, message));
    }

    private void wrong(Finding finding) {
        isRead = false;
        findings.add(finding);
    }
}
