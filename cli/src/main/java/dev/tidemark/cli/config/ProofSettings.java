package dev.tidemark.cli.config;

import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.TrustedKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How what is published gets signed, and whose signatures count.
 *
 * @param signingKey of who writes the archive; empty when it is not signed
 * @param trustedKeys public keys of all who write it; signatures are not looked at without any
 * @param signedFrom the number of the first manifest that has to be signed
 */
public record ProofSettings(Optional<Path> signingKey, List<Path> trustedKeys, long signedFrom) {
    public ProofSettings {
        trustedKeys = List.copyOf(trustedKeys);
    }

    /** The key's file is read when something is published. */
    public Signing signing() {
        return Signing.withFile(signingKey);
    }

    /** Which signatures are demanded; the keys' files are read. */
    public SignatureRule rule() {
        return new SignatureRule(TrustedKeys.read(trustedKeys), signedFrom);
    }
}
