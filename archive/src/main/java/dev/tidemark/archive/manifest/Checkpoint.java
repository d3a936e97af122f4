package dev.tidemark.archive.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import java.util.Optional;

/**
 * The whole state up to a manifest, so that opening need not read all.
 *
 * @param state what it adds up to
 * @param signature of the writer who wrote it, in Base64: only writers look at it
 */
record Checkpoint(
        int format,
        ArchiveState state,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> signature) {
    Checkpoint {
        Objects.requireNonNull(state, "state");
    }

    /** Does it say of what was replaced what this version does not read? */
    boolean isOfOnce() {
        return state.replaced().stream().anyMatch(ArchiveState.Replaced::isOfOnce);
    }

    Checkpoint with(Optional<String> newSignature) {
        return new Checkpoint(format, state, newSignature);
    }
}
