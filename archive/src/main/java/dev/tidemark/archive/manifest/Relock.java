package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.KeyEnvelope;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Locks anew what a folded base needs and did not write itself, in a storage that locks: so a
 * restore that begins with it finds all of it for as long as what was written with it.
 */
final class Relock {
    private static final int NAMES_MAX = 1_000; // what S3 gives per request

    private final ObjectStore store;
    private final ArchiveIdentity identity;

    Relock(ObjectStore store, ArchiveIdentity identity) {
        this.store = store;
        this.identity = identity;
    }

    /** To be called before it is published. */
    void before(Manifest next, ArchiveState state) throws IOException {
        if (next.kind() != Manifest.Kind.FOLDED_BASE) {
            return;
        }
        Set<FileRef> known = new HashSet<>(state.named().toList());
        for (String name : needed(next, known)) {
            store.renewLock(name);
        }
    }

    private List<String> needed(Manifest next, Set<FileRef> known) throws IOException {
        Stream<String> files =
                Stream.concat(next.files().stream(), Stream.of(next.catalog()))
                        .filter(known::contains)
                        .map(FileRef::name);
        List<String> keys =
                identity.isEncrypted() ? store.list(KeyEnvelope.FOLDER, "", NAMES_MAX) : List.of();
        return Stream.of(Stream.of(ArchiveIdentity.NAME), keys.stream(), files)
                .flatMap(names -> names)
                .distinct()
                .toList();
    }
}
