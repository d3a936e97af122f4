package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.StreamingAead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Set;

/**
 * Encrypts with an archive's data keys, by Tink's streaming encryption: each content gets a key of
 * its own, derived from the data key, a random salt and the name, and is cut into segments that are
 * authenticated with their place, so that a part can be read without the rest and a missing end is
 * seen. Safe for use by many threads.
 */
final class FileCipher {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final StreamingAead keys;

    FileCipher(KeysetHandle keyset) throws GeneralSecurityException {
        this.keys = keyset.getPrimitive(RegistryConfiguration.get(), StreamingAead.class);
    }

    /**
     * Encrypts a file into another one, which is created or replaced.
     *
     * @param name what it can be decrypted under
     */
    void encrypt(Path plain, Path encrypted, String name) throws IOException {
        try (InputStream in = Files.newInputStream(plain);
                OutputStream out = encrypting(Files.newOutputStream(encrypted), name)) {
            in.transferTo(out);
        }
    }

    byte[] encrypt(byte[] plain, String name) {
        ByteArrayOutputStream encrypted = new ByteArrayOutputStream();
        try (OutputStream out = encrypting(encrypted, name)) {
            out.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory
        }
        return encrypted.toByteArray();
    }

    private OutputStream encrypting(OutputStream out, String name) throws IOException {
        try {
            return keys.newEncryptingStream(out, name.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // the keyset was checked when this was made
        }
    }

    /**
     * Decrypts a file into another one, which is created or replaced; after a failure it holds a
     * beginning.
     *
     * @param name what it was encrypted under
     */
    void decrypt(Path encrypted, Path plain, String name)
            throws IOException, UndecryptableException {
        try (InputStream stored = Files.newInputStream(encrypted);
                OutputStream out = forOwnersEyes(plain)) {
            decrypt(stored, out, name);
        }
    }

    private static OutputStream forOwnersEyes(Path plain) throws IOException {
        Files.deleteIfExists(plain); // it may have other rights
        return Channels.newOutputStream(
                Files.newByteChannel(
                        plain,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------"))));
    }

    byte[] decrypt(byte[] encrypted, String name) throws UndecryptableException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(encrypted.length);
        try {
            decrypt(new ByteArrayInputStream(encrypted), plain, name);
        } catch (IOException e) {
            throw new IllegalStateException(e); // memory
        }
        return plain.toByteArray();
    }

    private void decrypt(InputStream stored, OutputStream plain, String name)
            throws IOException, UndecryptableException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = keys.newDecryptingStream(stored, name.getBytes(UTF_8))) {
            for (int read = read(in, buffer); read >= 0; read = read(in, buffer)) {
                plain.write(buffer, 0, read);
            }
        } catch (GeneralSecurityException e) {
            throw new UndecryptableException(e);
        }
    }

    /** Tink says that something does not fit by the kind of error that a disk's is. */
    private static int read(InputStream in, byte[] buffer) throws UndecryptableException {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new UndecryptableException(e);
        }
    }
}
