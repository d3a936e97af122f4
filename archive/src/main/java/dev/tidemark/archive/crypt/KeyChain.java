package dev.tidemark.archive.crypt;

import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key-encryption keys that this process holds: none, or those of the configuration. Where they
 * come from is looked at again when one is asked for that is not among them: so a service takes a
 * new key while it works. Safe for use by many threads.
 */
public final class KeyChain {
    private static final Logger log = LoggerFactory.getLogger(KeyChain.class);

    /** Without a key. */
    public static final KeyChain EMPTY = new KeyChain(List.of(), List::of);

    private final List<KeyEncryptionKey> keys;
    private final Supplier<List<KeyEncryptionKey>> source;

    /** As they were read last: never an older one again, once a newer one was there. */
    private volatile List<KeyEncryptionKey> latest;

    private KeyChain(List<KeyEncryptionKey> keys, Supplier<List<KeyEncryptionKey>> source) {
        this.keys = List.copyOf(keys);
        this.latest = this.keys;
        this.source = source;
    }

    public static KeyChain of(KeyEncryptionKey key) {
        return new KeyChain(List.of(key), List::of);
    }

    /**
     * Keys that may be exchanged where they are kept.
     *
     * @param source reads them; the first is that of what is written
     * @throws TidemarkException when they cannot be read now
     */
    public static KeyChain from(Supplier<List<KeyEncryptionKey>> source) {
        return new KeyChain(source.get(), source);
    }

    /** These and another one. */
    public KeyChain and(KeyEncryptionKey more) {
        List<KeyEncryptionKey> all = new ArrayList<>(keys);
        all.add(more);
        return new KeyChain(all, source);
    }

    /** As they were read first. */
    public List<KeyEncryptionKey> keys() {
        return keys;
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    Optional<KeyEncryptionKey> find(String id) {
        return find(id, keys)
                .or(() -> find(id, latest))
                .or(() -> isEmpty() ? Optional.empty() : find(id, readAgain()));
    }

    private static Optional<KeyEncryptionKey> find(String id, List<KeyEncryptionKey> keys) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** The key for what is written now; not empty. */
    KeyEncryptionKey current() {
        return readAgain().getFirst();
    }

    /** Somebody who takes the file away when the service has begun does not end it. */
    private List<KeyEncryptionKey> readAgain() {
        try {
            List<KeyEncryptionKey> now = source.get();
            if (!now.isEmpty()) {
                latest = List.copyOf(now);
            }
        } catch (TidemarkException e) {
            log.warn("{}: going on with the key {}. HINT: {}", e.getMessage(), ids(), e.hint());
        }
        return latest;
    }

    /** For people. */
    String ids() {
        return String.join(", ", latest.stream().map(KeyEncryptionKey::id).toList());
    }
}
