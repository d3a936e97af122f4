package dev.tidemark.archive.proof;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The public keys that somebody trusts: of all who write an archive, and wrote it once. Immutable.
 */
public final class TrustedKeys {
    /** Nobody is trusted: signatures are not looked at. */
    public static final TrustedKeys NONE = new TrustedKeys(Map.of());

    private static final int SIGNER_DIGITS = 16;

    /** What a signature is worth. */
    public enum Standing {
        /** A trusted key made it, of this text. */
        TRUE,
        /** A key made it, or so it says, that is not trusted. */
        UNTRUSTED,
        /** It says that a trusted key made it, and that is not so, or of another text. */
        FALSE
    }

    private final Map<String, PublicKey> keys;

    private TrustedKeys(Map<String, PublicKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /**
     * Reads files of public keys.
     *
     * @throws TidemarkException when one is no such file
     */
    public static TrustedKeys read(List<Path> files) {
        Map<String, PublicKey> keys = new HashMap<>();
        for (Path file : files) {
            PublicKey key =
                    Pem.read(KeyFile.text(file), Pem.PUBLIC_KEY)
                            .flatMap(Ed25519::publicKey)
                            .orElseThrow(() -> notAKey(file));
            keys.put(signer(key), key);
        }
        return new TrustedKeys(keys);
    }

    private static TidemarkException notAKey(Path file) {
        return TidemarkException.usage(
                "the file %s holds no public key for Ed25519".formatted(file),
                "'tidemark keygen --signing FILE' writes it into FILE.pub.");
    }

    /** What a key is called in what it signs. */
    static String signer(PublicKey key) {
        return Hashes.sha256(Ed25519.bytes(key)).substring(0, SIGNER_DIGITS);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /**
     * Looks at a signature.
     *
     * @param signature in Base64
     */
    public Standing standing(String signer, String signature, byte[] text) {
        PublicKey key = keys.get(signer);
        if (key == null) {
            return Standing.UNTRUSTED;
        }
        return isSignature(key, text, signature) ? Standing.TRUE : Standing.FALSE;
    }

    static boolean isSignature(PublicKey key, byte[] text, String signature) {
        try {
            return Ed25519.isSignedBy(key, text, Base64.getDecoder().decode(signature));
        } catch (IllegalArgumentException e) {
            return false; // not Base64
        }
    }
}
