package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and appends manifests and checkpoints. For one thread. */
final class ManifestLog {
    private static final Logger log = LoggerFactory.getLogger(ManifestLog.class);
    static final String MANIFESTS = "manifests/";
    static final String CHECKPOINTS = "checkpoints/";
    static final int NAMES_MAX = 1_000; // what S3 gives per request
    private static final int CHECKPOINTS_KEPT = 3; // for those who are just reading one
    private static final int READERS =
            16; // hides an object store's latency, and stays under its connection limit

    private final ObjectStore store;
    private final ManifestPacks packs;
    private final FutureGuard guard;
    private Optional<Seal> seal = Optional.empty();
    private Optional<Checkpoint> begun = Optional.empty(); // what was read first

    ManifestLog(ObjectStore store) {
        this.store = store;
        this.packs = new ManifestPacks(store);
        this.guard = new FutureGuard(store.url());
    }

    /**
     * May this version write what follows from all that was read?
     *
     * @throws TidemarkException when a newer one forbids it
     */
    void checkWritable() {
        guard.checkWritable();
    }

    /** The state as of now: what is known, or a newer checkpoint, and all manifests after it. */
    ArchiveState read(ArchiveState known) throws IOException {
        return readAfter(known.last() < 0 ? newestCheckpoint() : known);
    }

    /**
     * The same state, as one who signs it needs it: what somebody else may have put into a
     * checkpoint would be proven by the next signature. So without a checkpoint of his own he reads
     * all.
     *
     * @throws TidemarkException when manifests say something else than the checkpoint did
     */
    ArchiveState sealedWith(Seal mine, ArchiveState known) throws IOException {
        seal = Optional.of(mine);
        if (begun.filter(checkpoint -> !mine.isOn(checkpoint)).isEmpty()) {
            return known;
        }
        log.info("no checkpoint of this key is there: all manifests are read");
        ArchiveState all = readAfter(ArchiveState.EMPTY);
        if (all.last() == known.last() && !all.equals(known)) {
            throw TidemarkException.refused(
                    "a checkpoint of the archive %s is not what its manifests say"
                            .formatted(store.url()),
                    "'tidemark verify' names it. Find out who wrote it; checkpoints only save time, and may be deleted.");
        }
        return all;
    }

    private ArchiveState readAfter(ArchiveState begin) throws IOException {
        ArchiveState state = begin;
        while (true) {
            String after = state.last() < 0 ? "" : Manifest.name(state.last());
            List<String> names = store.list(MANIFESTS, after, NAMES_MAX);
            if (names.isEmpty()) {
                return state;
            }
            Optional<List<byte[]>> packed =
                    names.getFirst().equals(Manifest.name(state.last() + 1))
                            ? Optional.empty()
                            : packs.from(state.last() + 1);
            if (packed.isPresent()) {
                state = append(state, packedNames(state), packed.get());
            } else {
                Optional<List<byte[]>> contents = readUnlessPacked(state.last() + 1, names);
                state = contents.isPresent() ? append(state, names, contents.get()) : state;
            }
        }
    }

    /** Empty when somebody packed them since they were listed. */
    Optional<List<byte[]>> readUnlessPacked(long number, List<String> names) throws IOException {
        try {
            return Optional.of(readAll(names));
        } catch (NoSuchFileException e) {
            if (packs.from(number).isEmpty()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static List<String> packedNames(ArchiveState state) {
        return LongStream.rangeClosed(state.last() + 1, ManifestPacks.endOf(state.last() + 1))
                .mapToObj(Manifest::name)
                .toList();
    }

    /** The SHA-256 in hex of a manifest; empty when there is none with that number. */
    Optional<String> hashOf(long number) throws IOException {
        Optional<byte[]> single = find(Manifest.name(number));
        return (single.isPresent() ? single : packs.from(number).map(List::getFirst))
                .map(Hashes::sha256);
    }

    /** Publishes a manifest. */
    ArchiveState append(ArchiveState state, Manifest manifest)
            throws IOException, LostRaceException {
        checkWritable();
        checkIsThere(state);
        byte[] content = manifest.bytes();
        boolean created;
        try {
            created = store.putIfAbsent(manifest.name(), content);
        } catch (IOException e) {
            created = readBack(manifest, content, e);
        }
        if (!created && !Arrays.equals(store.get(manifest.name()), content)) {
            throw new LostRaceException(
                    "another writer published "
                            + manifest.name()
                            + " of "
                            + store.url()
                            + " first");
        }
        ArchiveState next = state.with(List.of(manifest), Hashes.sha256(content));
        if ((manifest.number() + 1) % Archive.CHECKPOINT_EVERY == 0) {
            writeCheckpoint(next);
        }
        return next;
    }

    /**
     * In a storage that was emptied or replaced since it was read, the next number is free too; a
     * manifest there would follow from nothing.
     */
    private void checkIsThere(ArchiveState state) throws IOException {
        boolean isEmpty = state.last() < 0;
        String name = isEmpty ? ArchiveIdentity.NAME : Manifest.name(state.last());
        if (find(name)
                .filter(content -> isEmpty || Hashes.sha256(content).equals(state.hash()))
                .isEmpty()) {
            throw TidemarkException.failed(
                    "the archive %s no longer holds '%s' as it was".formatted(store.url(), name),
                    "Somebody emptied or replaced the storage. Put the archive back from a copy;"
                            + " what the copy lacks comes again from the change log.");
        }
    }

    private Optional<byte[]> find(String name) throws IOException {
        try {
            return Optional.of(store.get(name));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** After an unknown end: is our manifest there? */
    private boolean readBack(Manifest manifest, byte[] content, IOException unknown)
            throws IOException {
        try {
            return Arrays.equals(store.get(manifest.name()), content);
        } catch (NoSuchFileException e) {
            throw unknown; // it is not there now; to put it again is safe
        }
    }

    private ArchiveState append(ArchiveState state, List<String> names, List<byte[]> contents) {
        List<Manifest> manifests = new ArrayList<>();
        String hash = state.hash();
        long number = state.last();
        for (int i = 0; i < contents.size(); i++) {
            number++;
            Manifest manifest = guard.manifest(contents.get(i), names.get(i));
            check(manifest, names.get(i), number, hash);
            hash = Hashes.sha256(contents.get(i));
            manifests.add(manifest);
        }
        return state.with(manifests, hash);
    }

    private void check(Manifest manifest, String name, long number, String hash) {
        if (!name.equals(Manifest.name(number)) || manifest.number() != number) {
            throw lacks(store.url(), new Merged.Range(number, number));
        }
        if (!manifest.previous().equals(hash)) {
            throw doesNotFollow(name);
        }
    }

    static TidemarkException lacks(String url, Merged.Range numbers) {
        return TidemarkException.refused(
                "the archive " + url + " lacks " + SignatureCheck.named(numbers),
                "Manifests are never deleted one by one: restore it from a copy of the archive.");
    }

    static TidemarkException doesNotFollow(String name) {
        return TidemarkException.refused(
                "the archive's manifest %s does not follow from the one before it: one of the two was altered"
                        .formatted(name),
                "Restore the two manifests from a copy of the archive.");
    }

    private List<byte[]> readAll(List<String> names) throws IOException {
        List<Future<byte[]>> reads = new ArrayList<>();
        try (ExecutorService readers =
                Executors.newFixedThreadPool(READERS, Thread.ofVirtual().factory())) {
            for (String name : names) {
                reads.add(readers.submit((Callable<byte[]>) () -> store.get(name)));
            }
            List<byte[]> contents = new ArrayList<>();
            for (Future<byte[]> read : reads) {
                contents.add(read.get());
            }
            return contents;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException said) {
                throw said;
            }
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while reading manifests");
        }
    }

    private void writeCheckpoint(ArchiveState state) {
        String name = String.format(Locale.ROOT, "%s%020d.json", CHECKPOINTS, state.last());
        try {
            Checkpoint checkpoint = new Checkpoint(ArchiveIdentity.FORMAT, state, Optional.empty());
            store.putIfAbsent(
                    name,
                    CanonicalJson.write(
                            seal.map(mine -> mine.sign(checkpoint)).orElse(checkpoint)));
            deleteOldCheckpoints();
        } catch (IOException e) {
            log.warn(
                    "cannot write {}, or delete those before it: opening the archive takes longer until the next one",
                    name,
                    e);
        }
    }

    private void deleteOldCheckpoints() throws IOException {
        List<String> all = checkpoints();
        for (String old : all.subList(0, Math.max(0, all.size() - CHECKPOINTS_KEPT))) {
            store.delete(old);
        }
    }

    /**
     * Packs manifests that were all written before an instant.
     *
     * @return how many manifests were packed
     */
    int pack(ArchiveState state, Instant writtenBefore) throws IOException {
        checkWritable();
        long known = newestCheckpoint().last();
        int packed = 0;
        long last = packs.last();
        deletePacked(last);
        for (long end = last + ManifestPacks.SIZE; end <= known && end < state.last(); ) {
            List<String> names =
                    LongStream.rangeClosed(end - ManifestPacks.SIZE + 1, end)
                            .mapToObj(Manifest::name)
                            .toList();
            Optional<List<byte[]>> read = readUnlessPacked(end, names);
            if (read.isEmpty()) {
                return packed; // somebody else packs
            }
            List<byte[]> contents = read.get();
            Manifest newest =
                    CanonicalJson.read(contents.getLast(), Manifest.class, names.getLast());
            if (!newest.written().isBefore(writtenBefore)) {
                return packed;
            }
            packs.write(end, contents);
            deletePacked(end);
            packed += names.size();
            end += ManifestPacks.SIZE;
        }
        return packed;
    }

    /** Those of one pack that are still there on their own, and are in it as they are. */
    private void deletePacked(long end) throws IOException {
        if (end < 0) {
            return;
        }
        long first = end - ManifestPacks.SIZE + 1;
        List<byte[]> packed = packs.from(first).orElseThrow();
        String after = first == 0 ? "" : Manifest.name(first - 1);
        Set<String> there = new HashSet<>(store.list(MANIFESTS, after, ManifestPacks.SIZE));
        for (int i = 0; i < packed.size(); i++) {
            String name = Manifest.name(first + i);
            byte[] inPack = packed.get(i);
            boolean isSame = // or another one who packs deleted it
                    there.contains(name)
                            && find(name)
                                    .filter(single -> Arrays.equals(single, inPack))
                                    .isPresent();
            if (isSame) {
                store.delete(name);
            }
        }
    }

    List<String> checkpoints() throws IOException {
        List<String> all = new ArrayList<>();
        for (List<String> names = store.list(CHECKPOINTS, "", NAMES_MAX);
                !names.isEmpty();
                names = store.list(CHECKPOINTS, all.getLast(), NAMES_MAX)) {
            all.addAll(names);
        }
        return all;
    }

    private ArchiveState newestCheckpoint() throws IOException {
        List<String> all = checkpoints();
        if (all.isEmpty()) {
            return ArchiveState.EMPTY;
        }
        String newest = all.getLast();
        byte[] content = store.get(newest);
        Checkpoint read = guard.checkpoint(content, newest);
        if (read.isOfOnce()) {
            return ArchiveState.EMPTY;
        }
        begun = Optional.of(read);
        return read.state();
    }
}
