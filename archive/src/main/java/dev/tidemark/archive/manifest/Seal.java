package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.SignedText;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.util.Optional;

/**
 * Signs what is written into one archive. Checkpoints too, for the writers' own sake: what one of
 * them reads from a checkpoint, it signs in the next manifest.
 *
 * @param archive the SHA-256 in hex of tidemark.json
 */
record Seal(SigningKey key, String archive) {
    /**
     * That of an archive; empty when it is not signed.
     *
     * @throws TidemarkException when the key cannot be used, or the archive must be signed and
     *     there is none
     */
    static Optional<Seal> of(Signing signing, ObjectStore store, ArchiveState state)
            throws IOException {
        Optional<SigningKey> key = signing.key();
        Optional<String> before =
                state.manifests().reversed().stream()
                        .flatMap(manifest -> manifest.signer().stream())
                        .findFirst();
        if (key.isEmpty() && before.isPresent()) {
            throw TidemarkException.refused(
                    "the archive %s is signed, with the key %s at last, and there is no key to go on with"
                            .formatted(store.url(), before.get()),
                    "Set proof.signing-key. It may be a new key: whoever verifies then trusts both.");
        }
        return key.isEmpty()
                ? Optional.empty()
                : Optional.of(new Seal(key.get(), ArchiveIdentity.hash(store)));
    }

    Manifest sign(Manifest manifest) {
        Manifest named = manifest.with(Optional.of(key.signer()), Optional.empty());
        return named.with(named.signer(), Optional.of(key.sign(text("manifest", named.bytes()))));
    }

    Checkpoint sign(Checkpoint checkpoint) {
        return checkpoint.with(Optional.of(key.sign(textOf(checkpoint))));
    }

    /** Is it one that this key signed? */
    boolean isOn(Checkpoint checkpoint) {
        return checkpoint
                .signature()
                .filter(signature -> key.hasSigned(textOf(checkpoint), signature))
                .isPresent();
    }

    private byte[] textOf(Checkpoint checkpoint) {
        return text("checkpoint", CanonicalJson.write(checkpoint.with(Optional.empty())));
    }

    private byte[] text(String what, byte[] unsigned) {
        return SignedText.of(what, archive, unsigned);
    }
}
