package dev.tidemark.archive.manifest;

import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.util.Map;

/**
 * What proves an archive up to one of its manifests, to the byte as it is stored: its first object,
 * and all manifests, of which each names the hash of the one before it. For one thread.
 */
public final class StoredChain {
    private final ObjectStore store;
    private final ArchiveState state;

    /**
     * @param state what the manifests add up to that are wanted
     */
    StoredChain(ObjectStore store, ArchiveState state) {
        this.store = store;
        this.state = state;
    }

    /** Takes manifests, in order. */
    public interface Sink {
        /**
         * The next one.
         *
         * @param manifest with its texts as they are stored
         * @param hash the SHA-256 in hex of its bytes
         */
        void manifest(Manifest manifest, byte[] stored, String hash) throws IOException;
    }

    /** The bytes of the archive's first object. */
    public byte[] identity() throws IOException {
        return store.get(ArchiveIdentity.NAME);
    }

    /** The number of the last of its manifests. */
    public long last() {
        return state.last();
    }

    /** The SHA-256 in hex of that one. */
    public String hash() {
        return state.hash();
    }

    /**
     * Passes all on, from the first to the last.
     *
     * @throws TidemarkException when one is missing, or does not follow from the one before it
     */
    public void manifests(Sink sink) throws IOException {
        ManifestBlocks blocks = new ManifestBlocks(store, StoredChain::refuse);
        String hash = "";
        long number = 0;
        for (Map<Long, byte[]> block = blocks.next();
                !block.isEmpty() && number <= state.last();
                block = blocks.next()) {
            for (Map.Entry<Long, byte[]> one : block.entrySet()) {
                if (number > state.last()) {
                    break;
                }
                Manifest manifest = read(one.getValue(), one.getKey());
                check(manifest, number, hash);
                hash = Hashes.sha256(one.getValue());
                sink.manifest(manifest, one.getValue(), hash);
                number++;
            }
        }
        if (number <= state.last()) {
            throw ManifestLog.lacks(store.url(), new Merged.Range(number, state.last()));
        }
        if (!hash.equals(state.hash())) {
            throw ManifestLog.doesNotFollow(Manifest.name(state.last()));
        }
    }

    private static void refuse(Finding finding) {
        throw TidemarkException.refused(
                finding.message(), "Run 'tidemark verify' to list all damage.");
    }

    private Manifest read(byte[] stored, long number) {
        return CanonicalJson.read(
                stored, Manifest.class, store.url() + " " + Manifest.name(number));
    }

    private void check(Manifest manifest, long number, String before) {
        if (manifest.number() != number) {
            throw ManifestLog.lacks(store.url(), new Merged.Range(number, number));
        }
        if (!manifest.previous().equals(before)) {
            throw ManifestLog.doesNotFollow(Manifest.name(number));
        }
    }
}
