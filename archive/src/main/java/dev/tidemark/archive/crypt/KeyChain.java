package dev.tidemark.archive.crypt;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The key-encryption keys that this process holds: none, or those of the configuration.
 *
 * @param keys in the order in which they were given
 */
public record KeyChain(List<KeyEncryptionKey> keys) {
    /** Without a key. */
    public static final KeyChain EMPTY = new KeyChain(List.of());

    public KeyChain {
        keys = List.copyOf(keys);
    }

    public static KeyChain of(KeyEncryptionKey key) {
        return new KeyChain(List.of(key));
    }

    /** These and another one. */
    public KeyChain and(KeyEncryptionKey more) {
        List<KeyEncryptionKey> all = new ArrayList<>(keys);
        all.add(more);
        return new KeyChain(all);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    Optional<KeyEncryptionKey> find(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    /** For people. */
    String ids() {
        return String.join(", ", keys.stream().map(KeyEncryptionKey::id).toList());
    }
}
