package dev.tidemark.archive.proof;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** The signatures of RFC 8032, by the platform: equal text and key give equal signatures. */
final class Ed25519 {
    /** Of a signature. */
    static final int BYTES = 64;

    private static final String NAME = "Ed25519";
    private static final int KEY_BYTES = 32;

    private Ed25519() {}

    static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance(NAME).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java since 15 has it
        }
    }

    /** Of a PKCS #8 structure; empty when it is another kind of key. */
    static Optional<PrivateKey> privateKey(byte[] encoded) {
        try {
            return Optional.of(
                    KeyFactory.getInstance(NAME).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** Of a SubjectPublicKeyInfo structure; empty when it is another kind of key. */
    static Optional<PublicKey> publicKey(byte[] encoded) {
        try {
            return Optional.of(
                    KeyFactory.getInstance(NAME).generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** The key's own 32 bytes: they end its structure (RFC 8410). */
    static byte[] bytes(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
    }

    static byte[] sign(PrivateKey key, byte[] text) {
        try {
            Signature signature = Signature.getInstance(NAME);
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign", e);
        }
    }

    static boolean isSignedBy(PublicKey key, byte[] text, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(NAME);
            signature.initVerify(key);
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // not the bytes of a signature at all
        }
    }
}
