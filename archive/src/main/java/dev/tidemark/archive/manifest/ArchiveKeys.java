package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.KeyEnvelope;
import dev.tidemark.archive.crypt.Keyring;
import dev.tidemark.archive.crypt.KeyringCheck;
import dev.tidemark.archive.crypt.KeysReport;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Whether an archive is encrypted, and its keys. What its identity says of that holds for ever: one
 * that says nothing is never taken for an encrypted one, or the other way round.
 */
public final class ArchiveKeys {
    private ArchiveKeys() {}

    /** Makes the keys of an encrypted archive that has no manifest yet, unless they are there. */
    static void createIfNew(ObjectStore store, KeyChain keys) throws IOException {
        ArchiveIdentity identity = ArchiveIdentity.read(store);
        boolean isNew =
                identity.isEncrypted()
                        && !keys.isEmpty()
                        && new ManifestLog(store).read(ArchiveState.EMPTY).last() < 0;
        if (isNew) {
            Keyring.create(store, name(store), keys.keys().getFirst(), identity.created());
        }
    }

    /** Empty for an archive that is not encrypted. */
    static Optional<Keyring> open(ObjectStore store, ArchiveIdentity identity, KeyChain keys)
            throws IOException {
        if (!isEncrypted(store, identity)) {
            if (keys.isEmpty()) {
                return Optional.empty();
            }
            throw TidemarkException.refused(
                    "the archive %s is not encrypted, and a key is configured"
                            .formatted(store.url()),
                    "Whether an archive is encrypted is decided by 'tidemark init': take encryption out of the configuration,"
                            + " or choose another archive.url for a new archive.");
        }
        return Optional.of(Keyring.open(store, name(store), keys));
    }

    /** The same without a key. */
    static Optional<Keyring> locked(ObjectStore store, ArchiveIdentity identity)
            throws IOException {
        return isEncrypted(store, identity)
                ? Optional.of(Keyring.locked(store, name(store)))
                : Optional.empty();
    }

    /**
     * The keys of an archive, to look at them or to exchange them.
     *
     * @throws TidemarkException when it is not encrypted, or its key is not among these
     */
    public static Keyring of(ObjectStore store, KeyChain keys) throws IOException {
        return open(store, ArchiveIdentity.read(store), keys)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "the archive %s is not encrypted".formatted(store.url()),
                                        "Whether an archive is encrypted is decided by 'tidemark init'."));
    }

    /**
     * What can be told of the keys of an archive that is checked. One without a manifest may be at
     * its beginning, and have none yet.
     *
     * @param last the number of its newest manifest; −1 for none
     * @throws TidemarkException when this version does not know the encryption
     */
    static KeysReport check(ObjectStore store, ArchiveIdentity identity, KeyChain keys, long last)
            throws IOException {
        if (isEncrypted(store, identity)) {
            return last < 0 && store.list(KeyEnvelope.FOLDER, "", 1).isEmpty()
                    ? KeysReport.of(KeysReport.Standing.NOT_CHECKED)
                    : KeyringCheck.run(store, name(store), keys);
        }
        return keys.isEmpty()
                ? KeysReport.of(KeysReport.Standing.NOT_ENCRYPTED)
                : new KeysReport(
                        KeysReport.Standing.NOT_ENCRYPTED,
                        List.of(
                                new Finding(
                                        Verdict.DIVERGED,
                                        "the archive %s is not encrypted, and a key is configured: it is another one"
                                                .formatted(store.url()))),
                        Optional.empty());
    }

    private static boolean isEncrypted(ObjectStore store, ArchiveIdentity identity) {
        if (identity.encryption().filter(how -> !how.equals(ArchiveIdentity.TINK)).isPresent()) {
            throw TidemarkException.refused(
                    "the archive %s is encrypted as '%s', which this version does not know"
                            .formatted(store.url(), identity.encryption().get()),
                    "A newer Tidemark wrote it: upgrade this one.");
        }
        return identity.isEncrypted();
    }

    /** No other archive has it: a keyset is bound to it. */
    private static String name(ObjectStore store) throws IOException {
        return "archive " + ArchiveIdentity.hash(store);
    }
}
