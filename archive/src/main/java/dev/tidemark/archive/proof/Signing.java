package dev.tidemark.archive.proof;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether what is published gets signed. The key's file is read when a key is needed first, since
 * who only reads an archive need not have it. For one thread.
 */
public final class Signing {
    private final Optional<Path> file;
    private Optional<SigningKey> key;

    private Signing(Optional<Path> file, Optional<SigningKey> key) {
        this.file = file;
        this.key = key;
    }

    /** Nothing is signed. */
    public static Signing none() {
        return new Signing(Optional.empty(), Optional.empty());
    }

    /** With the key in a file; without one nothing is signed. */
    public static Signing withFile(Optional<Path> file) {
        return new Signing(file, Optional.empty());
    }

    public static Signing with(SigningKey key) {
        return new Signing(Optional.empty(), Optional.of(key));
    }

    /** Empty when nothing is signed. */
    public Optional<SigningKey> key() {
        if (key.isEmpty()) {
            key = file.map(SigningKey::read);
        }
        return key;
    }
}
