package dev.tidemark.archive.proof;

import dev.tidemark.schemas.log.Announcement;
import java.util.Optional;

/**
 * Something outside an archive that knows one of its manifests.
 *
 * @param where it is held, for people
 * @param archive the SHA-256 in hex of tidemark.json; empty where it does not say
 * @param number of the manifest
 * @param manifest its SHA-256 in hex
 * @param isAnchor is it older than the look at the archive, so that it proves where that comes
 *     from?
 */
public record Witness(
        String where, Optional<String> archive, long number, String manifest, boolean isAnchor) {
    public static Witness of(String where, Anchor anchor) {
        return new Witness(
                where, Optional.of(anchor.archive()), anchor.number(), anchor.manifest(), true);
    }

    /** The change log, which an archiver told of it. */
    public static Witness of(String where, Announcement said) {
        return new Witness(where, Optional.empty(), said.manifest(), said.hash(), true);
    }
}
