package dev.tidemark.replay.evidence;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.change.Position;
import java.util.List;
import java.util.Optional;

/**
 * Where an answer comes from: the archive, its manifests, and the files that were read. Immutable.
 *
 * @param archive the SHA-256 in hex of tidemark.json: no other archive has it
 * @param source the configured name of the source
 * @param database its database
 * @param systemId of the source's cluster, when the archive began
 * @param isEncrypted are the archive's files encrypted?
 * @param last the number of the newest manifest
 * @param hash its SHA-256 in hex
 * @param signers who signed manifests
 * @param unsigned how many manifests nobody signed
 * @param naming the manifests that name the files, by number
 * @param files that were read for the answer, by name
 */
record Provenance(
        String archive,
        String source,
        String database,
        String systemId,
        boolean isEncrypted,
        long last,
        String hash,
        List<Signer> signers,
        long unsigned,
        List<Naming> naming,
        List<ReadFile> files) {
    /**
     * A key that manifests were signed with.
     *
     * @param first the number of the first of them
     * @param last that of the last
     */
    record Signer(String signer, long manifests, long first, long last) {}

    /** A manifest that names some of the files. */
    record Naming(
            long number,
            Manifest.Kind kind,
            Position from,
            Position to,
            String sha256,
            Optional<String> signer,
            Optional<String> signature) {}

    /**
     * A file that was read.
     *
     * @param manifest the number of the first that names it
     */
    record ReadFile(
            String name, FileRef.Kind kind, long bytes, long rows, String sha256, long manifest) {}

    Provenance {
        signers = List.copyOf(signers);
        naming = List.copyOf(naming);
        files = List.copyOf(files);
    }
}
