package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The key that wraps an archive's data keys, and is never in the archive. It wraps by Tink's
 * interface, which Tink's clients of key management services implement too: one of them is another
 * {@link #wrapping}, with an id of its own. Safe for use by many threads.
 *
 * @param id tells keys apart, and says nothing of the key
 * @param wrapping with it
 */
public record KeyEncryptionKey(String id, Aead wrapping) {
    /** The length of a key that we hold ourselves: AES-256. */
    public static final int BYTES = 32;

    /** So that the hash of the same bytes in another place is another one. */
    private static final String DOMAIN = "tidemark key-encryption key\n";

    private static final int ID_DIGITS = 12; // enough to tell an operator's keys apart

    /**
     * AES-256-GCM with these bytes.
     *
     * @param key {@link #BYTES}, each as good as random
     */
    static KeyEncryptionKey of(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(DOMAIN.getBytes(UTF_8));
            String hash = HexFormat.of().formatHex(digest.digest(key));
            return new KeyEncryptionKey(hash.substring(0, ID_DIGITS), new AesGcmJce(key));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has both
        }
    }

    @Override
    public String toString() {
        return "KeyEncryptionKey[" + id + "]";
    }
}
