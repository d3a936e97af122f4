package dev.tidemark.replay.evidence;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.StoredChain;
import dev.tidemark.archive.proof.Hashes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Copies an archive's manifests, a line each, and finds out which of them name the files that were
 * read, and who signed. For one thread; used once.
 */
final class ChainCopy {
    private final Map<String, Long> wanted = new HashMap<>(); // −1 until a manifest names it
    private final Map<String, Provenance.Signer> signers = new TreeMap<>();
    private final List<Provenance.Naming> naming = new ArrayList<>();
    private long unsigned;

    private ChainCopy(List<FileRef> files) {
        files.forEach(file -> wanted.put(content(file), -1L));
    }

    /**
     * Writes a file with all of them up to the newest.
     *
     * @param files that were read, by name
     */
    static Provenance write(Archive archive, List<FileRef> files, Path path) throws IOException {
        ChainCopy copy = new ChainCopy(files);
        StoredChain chain = archive.stored();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            chain.manifests(
                    (manifest, stored, hash) -> {
                        out.write(stored);
                        out.write('\n');
                        copy.add(manifest, hash);
                    });
        }
        return copy.provenance(archive.identity(), chain, files);
    }

    /** Whatever version of a table somebody reads it as. */
    private static String content(FileRef file) {
        return file.name() + " " + file.sha256();
    }

    private void add(Manifest manifest, String hash) {
        long number = manifest.number();
        manifest.signer().ifPresentOrElse(signer -> addSigner(signer, number), () -> unsigned++);
        boolean isNaming = false;
        for (FileRef file :
                Stream.concat(manifest.files().stream(), Stream.of(manifest.catalog())).toList()) {
            isNaming |= wanted.replace(content(file), -1L, number);
        }
        if (isNaming) {
            naming.add(
                    new Provenance.Naming(
                            number,
                            manifest.kind(),
                            manifest.span().from(),
                            manifest.span().to(),
                            hash,
                            manifest.signer(),
                            manifest.signature()));
        }
    }

    private void addSigner(String signer, long number) {
        signers.merge(
                signer,
                new Provenance.Signer(signer, 1, number, number),
                (one, more) ->
                        new Provenance.Signer(
                                signer, one.manifests() + 1, one.first(), more.last()));
    }

    private Provenance provenance(ArchiveIdentity identity, StoredChain chain, List<FileRef> files)
            throws IOException {
        return new Provenance(
                Hashes.sha256(chain.identity()),
                identity.source(),
                identity.database(),
                identity.systemId(),
                identity.isEncrypted(),
                chain.last(),
                chain.hash(),
                List.copyOf(signers.values()),
                unsigned,
                naming,
                files.stream().map(this::readFile).toList());
    }

    private Provenance.ReadFile readFile(FileRef file) {
        long manifest = wanted.getOrDefault(content(file), -1L);
        if (manifest < 0) {
            throw new IllegalStateException("no manifest names " + file.name());
        }
        return new Provenance.ReadFile(
                file.name(), file.kind(), file.bytes(), file.rows(), file.sha256(), manifest);
    }
}
