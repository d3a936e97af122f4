package dev.tidemark.archive.manifest;

import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.log.Announcement;
import java.io.IOException;
import java.util.Optional;

/** Whether an archive is an older or another copy of the one that an archiver told of. */
record OtherCopy(ObjectStore store, ManifestLog log) {
    /**
     * What speaks for that.
     *
     * @param said names a manifest
     */
    Optional<String> speaksFor(ArchiveState state, Announcement said) throws IOException {
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
}
