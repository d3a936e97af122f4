package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * A key-encryption key that the operator keeps: 32 random bytes in base64, in a file of his own or
 * in a variable of the environment. No message holds any of it.
 */
public final class LocalKey {

    /** 32 random bytes have 30 different ones; fewer than these come once in 10¹⁷ keys. */
    private static final int DIFFERENT_BYTES_MIN = 16;

    private static final String MAKE =
            "'tidemark keygen --encryption FILE' makes a key; a passphrase is none.";

    private static final SecretFile FILE =
            new SecretFile(
                    "the encryption key",
                    "If others can have read it already, make a new key and run 'tidemark key rotate'.",
                    MAKE);

    private LocalKey() {}

    /**
     * Reads a key from a file.
     *
     * @throws TidemarkException when it cannot be read, when others can read it, or when it is no
     *     key or a weak one
     */
    public static KeyEncryptionKey read(Path file) {
        try {
            return parse(new String(FILE.content(file), UTF_8), "in " + file);
        } catch (IOException e) {
            if (looksLikeAKey(file)) {
                throw TidemarkException.refused(
                        "the encryption key's file cannot be read: its name looks like a key itself",
                        "Put the key into a file of mode 600, and give the file's name. If others may have seen it, make another key.");
            }
            throw TidemarkException.refused(
                    "cannot read the encryption key in %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Check that the file is there and that you may read it.",
                    e);
        }
    }

    /** Somebody may have written it where the name of its file belongs: nobody is to see it. */
    private static boolean looksLikeAKey(Path file) {
        return file.toString().matches("(?s).*[A-Za-z0-9+/]{43}=");
    }

    /**
     * A key as text.
     *
     * @param where for messages: {@code in FILE}
     * @throws TidemarkException when it is no key or a weak one
     */
    public static KeyEncryptionKey parse(String text, String where) {
        byte[] key = decoded(text.strip(), where);
        if (key.length != KeyEncryptionKey.BYTES) {
            throw TidemarkException.refused(
                    "the encryption key %s has %d bytes instead of %d"
                            .formatted(where, key.length, KeyEncryptionKey.BYTES),
                    "It must be base64 of 32 random bytes. " + MAKE);
        }
        if (isWeak(key)) {
            throw TidemarkException.refused(
                    "the encryption key %s is weak: its bytes are not random".formatted(where),
                    MAKE);
        }
        return KeyEncryptionKey.of(key);
    }

    private static byte[] decoded(String text, String where) {
        if (text.isEmpty()) {
            throw TidemarkException.refused(
                    "the encryption key %s is empty".formatted(where), MAKE);
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) { // without its message, which may hold a character
            throw TidemarkException.refused(
                    "the encryption key %s is not base64".formatted(where),
                    "It must be base64 of 32 random bytes. " + MAKE);
        }
    }

    /** Random bytes are none of this, but for a chance that never comes. */
    private static boolean isWeak(byte[] key) {
        boolean isText = true;
        boolean isSequence = true;
        boolean[] seen = new boolean[256];
        int different = 0;
        for (int i = 0; i < key.length; i++) {
            int one = Byte.toUnsignedInt(key[i]);
            isText &= one >= ' ' && one < 0x7F;
            isSequence &= i < 2 || key[i] - key[i - 1] == key[1] - key[0];
            different += seen[one] ? 0 : 1;
            seen[one] = true;
        }
        return isText || isSequence || different < DIFFERENT_BYTES_MIN;
    }

    /**
     * Makes a key and writes it into a new file that only this user can read.
     *
     * @throws TidemarkException when the file is there, or cannot be written
     */
    public static KeyEncryptionKey generate(Path file) {
        byte[] key = new byte[KeyEncryptionKey.BYTES];
        new SecureRandom().nextBytes(key);
        String text = Base64.getEncoder().encodeToString(key) + "\n";
        var owners = PosixFilePermissions.fromString("rw-------");
        try (var out =
                Files.newByteChannel(
                        file,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(owners))) {
            out.write(UTF_8.encode(text));
        } catch (FileAlreadyExistsException e) {
            throw TidemarkException.refused(
                    "there is a file " + file + " already",
                    "A key is never written over: what it encrypted would be lost. Name another file.",
                    e);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write the encryption key to %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Check that its folder is there and that you may write to it.",
                    e);
        }
        Arrays.fill(key, (byte) 0);
        return read(file);
    }
}
