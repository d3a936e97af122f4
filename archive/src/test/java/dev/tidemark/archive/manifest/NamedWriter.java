package dev.tidemark.archive.manifest;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;

/** Opens archives under a writer's name that is not random, so that a test repeats itself. */
public final class NamedWriter {
    private NamedWriter() {}

    /**
     * The same as {@link Archive#open}; an encrypted one with the tests' key.
     *
     * @param writer 8 hexadecimal digits that no other writer has
     */
    public static Archive open(ObjectStore store, String writer) throws IOException {
        KeyChain keys = ArchiveIdentity.read(store).isEncrypted() ? Samples.KEYS : KeyChain.EMPTY;
        return Archive.open(store, keys, writer);
    }
}
