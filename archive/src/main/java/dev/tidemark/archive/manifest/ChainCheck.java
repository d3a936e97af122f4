package dev.tidemark.archive.manifest;

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
import java.util.Optional;
import java.util.TreeMap;

/**
 * Reads every manifest of an archive, from the first one on and whatever checkpoints say, and goes
 * on after what is wrong: chain, signatures, packs, checkpoints, and what others know of it. For
 * one thread; used once.
 */
public final class ChainCheck {
    private final ObjectStore store;
    private final ManifestBlocks blocks;
    private final SignatureCheck signatures;
    private final WitnessCheck witnesses;
    private final FutureGuard guard;
    private final List<Finding> findings = new ArrayList<>();
    private final NavigableMap<Long, String> checkpoints = new TreeMap<>();
    private final List<Manifest> pending = new ArrayList<>(); // not in the state yet
    private ArchiveState state = ArchiveState.EMPTY; // as long as all is whole
    private Optional<TidemarkException> newer = Optional.empty(); // what this version cannot check
    private boolean isRead = true;
    private long last = -1;
    private String hash = "";

    private ChainCheck(
            ObjectStore store, String archive, SignatureRule rule, List<Witness> witnesses) {
        this.store = store;
        this.blocks = new ManifestBlocks(store, this::wrong);
        this.signatures = new SignatureCheck(rule, archive);
        this.witnesses = new WitnessCheck(witnesses, archive);
        this.guard = new FutureGuard(store.url());
    }

    /**
     * Checks all.
     *
     * @param witnesses what is outside and knows the archive
     * @throws TidemarkException when there is no archive, or a newer version wrote it
     */
    public static ChainReport run(ObjectStore store, SignatureRule rule, List<Witness> witnesses)
            throws IOException {
        ArchiveIdentity.read(store);
        String archive = ArchiveIdentity.hash(store);
        return new ChainCheck(store, archive, rule, witnesses).run(archive);
    }

    private ChainReport run(String archive) throws IOException {
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
        witnesses.finish(last);
        findings.addAll(signatures.findings());
        findings.addAll(witnesses.findings());
        refuseUnlessDamaged();
        return new ChainReport(
                archive,
                last,
                hash,
                signatures.signed(),
                isRead,
                signatures.isGood(),
                witnesses.isHeld(),
                findings);
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
            wrong(new Finding(Verdict.ALTERED, "the archive has a checkpoint called " + name));
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
            pending.add(manifest);
        } catch (TidemarkException e) { // not JSON, or no manifest
            wrong(Verdict.ALTERED, e);
        }
        checkAgainstCheckpoint(number);
    }

    /** What follows from it cannot be told; the chain can be followed on. */
    private boolean isTooNew(Optional<TidemarkException> refusal) {
        newer = newer.or(() -> refusal);
        isRead &= refusal.isEmpty();
        return refusal.isPresent();
    }

    private void flush() {
        if (isRead && !pending.isEmpty()) {
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
            wrong(
                    new Finding(
                            Verdict.ALTERED,
                            "the checkpoint %s of the archive %s is not what its manifests say"
                                    .formatted(name, store.url())));
        }
    }

    private boolean isAsInCheckpoint(String name) throws IOException {
        try {
            byte[] content = store.get(name);
            return isTooNew(guard.tooNewCheckpoint(content, name))
                    || CanonicalJson.read(content, Checkpoint.class, store.url() + " " + name)
                            .state()
                            .equals(state);
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

    /** What broke on the way says nothing of the archive. */
    static void refuseToGoOn(TidemarkException e) {
        if (e.kind() == TidemarkException.Kind.FAILED) {
            throw e;
        }
    }

    private void wrong(Finding finding) {
        isRead = false;
        findings.add(finding);
    }
}
