package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.KeyEnvelope;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Locks anew what a folded base needs and did not write itself, in a storage that locks: so the
 * archive can be opened, and a restore that begins with the base finds all of it, for as long as
 * what was written with it. For one thread.
 */
final class Relock {
    private static final int NAMES_MAX = 100_000; // many days of manifests without a checkpoint

    /** Nothing to what a lock is for: who lost a race need not lock all of it again. */
    private static final Duration ENOUGH = Duration.ofHours(1);

    private final ObjectStore store;
    private final ArchiveIdentity identity;
    private final Map<String, Instant> renewed = new HashMap<>();

    Relock(ObjectStore store, ArchiveIdentity identity) {
        this.store = store;
        this.identity = identity;
    }

    /** To be called before it is published, again after each race that was lost. */
    void before(Manifest next, ArchiveState state) throws IOException {
        if (next.kind() != Manifest.Kind.FOLDED_BASE) {
            return;
        }
        renewed.values().removeIf(when -> when.plus(ENOUGH).isBefore(next.written()));
        for (String name : needed(next, state)) {
            if (!renewed.containsKey(name)) {
                store.renewLock(name);
                renewed.put(name, next.written());
            }
        }
    }

    private List<String> needed(Manifest next, ArchiveState state) throws IOException {
        Set<String> known = state.named().collect(Collectors.toSet());
        Stream<String> files =
                Stream.concat(next.files().stream(), Stream.of(next.catalog()))
                        .map(FileRef::name)
                        .filter(known::contains);
        List<String> keys =
                identity.isEncrypted() ? store.list(KeyEnvelope.FOLDER, "", NAMES_MAX) : List.of();
        return Stream.of(Stream.of(ArchiveIdentity.NAME), keys.stream(), files, opening().stream())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    /** What is read when the archive is opened: the newest checkpoint, and manifests after it. */
    private List<String> opening() throws IOException {
        List<String> checkpoints = store.list(ManifestLog.CHECKPOINTS, "", NAMES_MAX);
        List<String> names = new ArrayList<>();
        String after = "";
        if (!checkpoints.isEmpty()) {
            names.add(checkpoints.getLast());
            after = checkpoints.getLast().replace(ManifestLog.CHECKPOINTS, ManifestLog.MANIFESTS);
        }
        names.addAll(store.list(ManifestLog.MANIFESTS, after, NAMES_MAX));
        return names;
    }
}
