package dev.tidemark.cli.command;

import dev.tidemark.archive.crypt.KeyEncryptionKey;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;

/**
 * An operator's word that there is another copy of an encryption key: a backup whose only key is on
 * the machine that it is to outlive is none.
 */
record KeptElsewhere(boolean isSaid) {
    static final String OPTION = "--key-kept-elsewhere";

    /**
     * Insists on it for an archive that is to be made.
     *
     * @throws TidemarkException when it is to be encrypted and nobody said so, or when the key
     *     would be taken with the archive
     */
    void insist(Parts parts) {
        parts.configuration()
                .encryption()
                .keyFile()
                .filter(parts.configuration().neededArchive()::holds)
                .ifPresent(KeptElsewhere::refuseInside);
        parts.keys().keys().forEach(this::insist);
    }

    private static void refuseInside(Path file) {
        throw TidemarkException.refused(
                "the encryption key %s is inside the archive".formatted(file),
                "Whoever takes the archive would take the key with it. Move it to another place.");
    }

    void insist(KeyEncryptionKey key) {
        if (!isSaid) {
            throw TidemarkException.refused(
                    "the archive is to be encrypted with the key %s, and it was not said that this key is kept elsewhere too"
                            .formatted(key.id()),
                    """
                    Whoever loses the key loses the archive. Put a copy where neither this machine nor the archive's \
                    storage can lose it, and run this again with %s. Then 'tidemark check --key COPY' proves the copy."""
                            .formatted(OPTION));
        }
    }
}
