package dev.tidemark.archive.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;

/**
 * What manifests are signed with. Its file holds the private key, as PKCS #8, and the public one.
 * Safe for use by many threads.
 */
public final class SigningKey {
    private static final byte[] PROBE = "tidemark key".getBytes(UTF_8);

    private final PrivateKey key;
    private final PublicKey publicKey;
    private final String signer;

    private SigningKey(PrivateKey key, PublicKey publicKey) {
        this.key = key;
        this.publicKey = publicKey;
        this.signer = TrustedKeys.signer(publicKey);
    }

    /**
     * Makes a key, and writes it and, for those who verify, its public half into files of their
     * own; neither may be there.
     *
     * @return the public half's file
     */
    public static Path create(Path file) {
        KeyPair pair = Ed25519.newPair();
        String publicKey = Pem.write(Pem.PUBLIC_KEY, pair.getPublic().getEncoded());
        Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
        KeyFile.refuseExisting(file);
        KeyFile.refuseExisting(publicFile);
        KeyFile.createSecret(
                file, Pem.write(Pem.PRIVATE_KEY, pair.getPrivate().getEncoded()) + publicKey);
        KeyFile.create(publicFile, publicKey);
        return publicFile;
    }

    /**
     * Reads a key's file.
     *
     * @throws TidemarkException when others than its owner may read it, or it is no such key
     */
    public static SigningKey read(Path file) {
        KeyFile.refuseWhatOthersRead(file);
        String text = KeyFile.text(file);
        PrivateKey key =
                Pem.read(text, Pem.PRIVATE_KEY)
                        .flatMap(Ed25519::privateKey)
                        .orElseThrow(() -> notAKey(file));
        PublicKey publicKey =
                Pem.read(text, Pem.PUBLIC_KEY)
                        .flatMap(Ed25519::publicKey)
                        .filter(half -> Ed25519.isSignedBy(half, PROBE, Ed25519.sign(key, PROBE)))
                        .orElseThrow(() -> withoutItsHalf(file));
        return new SigningKey(key, publicKey);
    }

    private static TidemarkException notAKey(Path file) {
        return TidemarkException.usage(
                "the file %s holds no private key for Ed25519".formatted(file),
                "'tidemark keygen --signing FILE' makes one.");
    }

    private static TidemarkException withoutItsHalf(Path file) {
        return TidemarkException.usage(
                "the file %s does not hold the public key that belongs to its private key"
                        .formatted(file),
                "'tidemark keygen --signing FILE' writes both. To a key of OpenSSL add it: openssl pkey -in FILE -pubout.");
    }

    /** Names it in what it signs. */
    public String signer() {
        return signer;
    }

    /** The signature of a text, in Base64. */
    public String sign(byte[] text) {
        return Base64.getEncoder().encodeToString(Ed25519.sign(key, text));
    }

    /** Is this a signature of it? */
    public boolean hasSigned(byte[] text, String signature) {
        return TrustedKeys.isSignature(publicKey, text, signature);
    }

    @Override
    public String toString() {
        return "key " + signer;
    }
}
