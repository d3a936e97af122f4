package dev.tidemark.replay.mask;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 of values, each for a purpose. For one thread. */
final class KeyedHash {
    private final Mac mac;

    KeyedHash(byte[] key) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    /**
     * 32 bytes.
     *
     * @param purpose so that the hash of a value for one thing tells nothing of that for another
     */
    ByteBuffer of(String purpose, Value value) {
        start(purpose);
        switch (value) {
            case Value.Text text -> mac.update(text.utf8());
            case Value.Large large -> mac.update(large.utf8());
            case Value.Mark mark -> {}
        }
        return ByteBuffer.wrap(mac.doFinal());
    }

    ByteBuffer of(String purpose, String value) {
        start(purpose);
        return ByteBuffer.wrap(mac.doFinal(value.getBytes(UTF_8)));
    }

    private void start(String purpose) {
        mac.update(purpose.getBytes(UTF_8));
        mac.update((byte) 0);
    }
}
