package dev.tidemark.archive.manifest;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.crypt.Keyring;
import dev.tidemark.archive.crypt.KeysReport;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.util.Optional;

/**
 * Creates or opens what is in a store. For one thread.
 *
 * @param keys for an archive that is encrypted, or is to be
 * @param writer who opens it
 */
record ArchiveOpening(ObjectStore store, KeyChain keys, String writer) {
    /** Or opens one that was created and never written to. */
    Archive create(ArchiveIdentity identity) throws IOException {
        ArchiveIdentity wanted = keys.isEmpty() ? identity : identity.encrypted();
        boolean isNew = store.putIfAbsent(ArchiveIdentity.NAME, CanonicalJson.write(wanted));
        ArchiveKeys.createIfNew(store, keys);
        Archive there = open();
        there.isNewSince(isNew);
        if (!isNew) {
            there.checkIsOf(identity.source(), identity.systemId(), identity.database());
        }
        if (there.state().newest().isPresent()) {
            throw TidemarkException.refused(
                    "the archive %s exists already and holds a base of %s"
                            .formatted(store.url(), there.state().manifests().getFirst().written()),
                    "Nothing is left to initialise. For a new archive choose another archive.url.");
        }
        return there;
    }

    Archive open() throws IOException {
        ArchiveIdentity identity = ArchiveIdentity.read(store);
        return read(identity, ArchiveKeys.open(store, identity, keys));
    }

    /** What is encrypted is neither read nor written. */
    Archive openWithoutKey() throws IOException {
        ArchiveIdentity identity = ArchiveIdentity.read(store);
        return read(identity, ArchiveKeys.locked(store, identity));
    }

    /**
     * With what a check found: whatever is wrong, files can be looked at. One whose keys cannot be
     * opened is not decrypted.
     */
    Archive openAsFound(ChainReport chain) throws IOException {
        ArchiveIdentity identity = chain.identity().orElse(ArchiveIdentity.LOST);
        Optional<Keyring> keyring =
                chain.keys().isReadable()
                        ? ArchiveKeys.open(
                                store, identity, identity.isEncrypted() ? keys : KeyChain.EMPTY)
                        : chain.keys().standing() == KeysReport.Standing.UNKNOWN
                                ? Optional.empty()
                                : ArchiveKeys.locked(store, identity);
        Archive archive = new Archive(store, identity, keyring, writer);
        archive.take(chain);
        return archive;
    }

    private Archive read(ArchiveIdentity identity, Optional<Keyring> keyring) throws IOException {
        Archive archive = new Archive(store, identity, keyring, writer);
        archive.refresh();
        return archive;
    }

    /** Empty when there is none; one without a manifest gets its keys if it lacks them. */
    Optional<Archive> find() throws IOException {
        if (ArchiveIdentity.find(store).isEmpty()) {
            return Optional.empty();
        }
        ArchiveKeys.createIfNew(store, keys);
        return Optional.of(open());
    }
}
