package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.SignedText;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.Optional;

/**
 * Signs what is written into one archive. Checkpoints too, for the writers' own sake: what one of
 * them reads from a checkpoint, it signs in the next manifest.
 *
 * @param archive the SHA-256 in hex of tidemark.json
 */
record Seal(SigningKey key, String archive) {
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
