package dev.tidemark.archive.crypt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Contents under the names of their objects, encrypted and back. Whoever reads with keys that were
 * exchanged since gets the newer ones by itself. Safe for use by many threads.
 */
public final class EncryptedFiles {
    private final Keyring keyring;

    public EncryptedFiles(Keyring keyring) {
        this.keyring = keyring;
    }

    /** What a step with a cipher does. */
    private interface Decryption<T> {
        T with(FileCipher cipher) throws IOException, UndecryptableException;
    }

    /** Encrypts a file into another one, which is created or replaced. */
    public void encrypt(Path plain, Path encrypted, String name) throws IOException {
        keyring.cipherToWrite().encrypt(plain, encrypted, name);
    }

    public byte[] encrypt(byte[] plain, String name) throws IOException {
        return keyring.cipherToWrite().encrypt(plain, name);
    }

    /** Decrypts a file into another one, of which after a failure nothing is left. */
    public void decrypt(Path encrypted, Path plain, String name)
            throws IOException, UndecryptableException {
        boolean isWhole = false;
        try {
            decrypt(
                    cipher -> {
                        cipher.decrypt(encrypted, plain, name);
                        return plain;
                    });
            isWhole = true;
        } finally {
            if (!isWhole) {
                Files.deleteIfExists(plain);
            }
        }
    }

    public byte[] decrypt(byte[] encrypted, String name)
            throws IOException, UndecryptableException {
        return decrypt(cipher -> cipher.decrypt(encrypted, name));
    }

    private <T> T decrypt(Decryption<T> decryption) throws IOException, UndecryptableException {
        try {
            return decryption.with(keyring.cipher());
        } catch (UndecryptableException e) {
            Optional<FileCipher> newer = keyring.newerCipher();
            if (newer.isEmpty()) {
                throw e;
            }
            return decryption.with(newer.get());
        }
    }
}
