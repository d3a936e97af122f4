package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.log.EncryptedFrame;
import dev.tidemark.schemas.log.MissingKeyException;
import dev.tidemark.schemas.log.RecordCipher;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Encrypts the records of a change log with AES-256-GCM, under data keys that the archive's
 * key-encryption key wraps. Each record carries the wrapped data key: so any part of a log can be
 * read without the rest of it, and a batch's compression makes nearly nothing of the repetition.
 *
 * <p>A record is bound to its topic and its offset. The data key is new with each writer, each
 * hour, and after {@link #RECORDS_MAX} records.
 */
public final class LogCipher implements RecordCipher {
    /**
     * Nonces are random, of 96 bits: among so many two are the same once in 10¹² keys (2⁵⁶⁻⁹⁷); the
     * limit of NIST SP 800-38D, 8.3 is sixteen times as many.
     */
    static final long RECORDS_MAX = 1L << 28;

    /** So long after the key was exchanged, what is written is under the new one. */
    private static final Duration AGE_MAX = Duration.ofHours(1);

    private static final String DOMAIN = "tidemark change log\n";

    private final KeyChain held;
    private final boolean isSealing;
    private final SecureRandom random = new SecureRandom();
    private Optional<DataKey> writing = Optional.empty(); // of the writer's thread, as what follows
    private long written; // with that key
    private long writingSince; // System.nanoTime
    private volatile Optional<DataKey> reading = Optional.empty(); // the one that was needed last

    /** A data key, and how it stands in records. */
    @SuppressWarnings("ArrayRecordComponent") // compared by its own method
    private record DataKey(String kek, byte[] wrapped, Aead aead) {
        boolean isOf(EncryptedFrame sealed) {
            return kek.equals(sealed.kek()) && Arrays.equals(wrapped, sealed.key());
        }
    }

    private LogCipher(KeyChain held, boolean isSealing) {
        if (held.isEmpty()) {
            throw new IllegalArgumentException("no key");
        }
        this.held = held;
        this.isSealing = isSealing;
    }

    /**
     * Encrypts what is written, and reads what is encrypted.
     *
     * @param held the first one wraps what is written; not empty
     */
    public static LogCipher sealing(KeyChain held) {
        return new LogCipher(held, true);
    }

    /** Writes in clear, and reads what is encrypted with these keys. */
    public static LogCipher opening(KeyChain held) {
        return new LogCipher(held, false);
    }

    @Override
    public byte[] seal(byte[] record, String topic, long offset) {
        if (!isSealing) {
            return record;
        }
        try {
            DataKey key = keyToWrite(topic);
            byte[] content = key.aead.encrypt(PackedRecord.pack(record), binding(topic, offset));
            return new EncryptedFrame(key.kek, key.wrapped, offset, content).encode();
        } catch (GeneralSecurityException e) {
            throw TidemarkException.failed(
                    "cannot encrypt a record of the topic '%s': %s"
                            .formatted(topic, TidemarkException.reason(e)),
                    "Nothing was written. Check that the key's service answers.",
                    e);
        }
    }

    private DataKey keyToWrite(String topic) throws GeneralSecurityException {
        boolean isOver =
                written == RECORDS_MAX || System.nanoTime() - writingSince > AGE_MAX.toNanos();
        if (writing.isEmpty() || isOver) {
            writing = Optional.of(newKey(topic));
            writingSince = System.nanoTime();
            written = 0;
        }
        written++;
        return writing.get();
    }

    private DataKey newKey(String topic) throws GeneralSecurityException {
        KeyEncryptionKey kek = held.current();
        byte[] key = new byte[KeyEncryptionKey.BYTES];
        random.nextBytes(key);
        return new DataKey(kek.id(), kek.wrapping().encrypt(key, keyBinding(topic)), aeadOf(key));
    }

    @Override
    public boolean holds(String kek) {
        return held.find(kek).isPresent();
    }

    @Override
    public byte[] open(EncryptedFrame sealed, String topic, long offset) {
        try {
            Optional<DataKey> known = reading.filter(key -> key.isOf(sealed));
            if (known.isEmpty()) {
                known = Optional.of(unwrapped(sealed, topic, offset));
                reading = known;
            }
            return PackedRecord.unpack(
                    known.get().aead.decrypt(sealed.content(), binding(topic, sealed.offset())));
        } catch (GeneralSecurityException e) {
            throw TidemarkException.failed(
                    "record %d of the topic '%s' cannot be decrypted with the key %s that it names"
                            .formatted(offset, topic, sealed.kek()),
                    "It was altered, or written for another topic: look who else may write there.",
                    e);
        }
    }

    private TidemarkException noKey(EncryptedFrame sealed, String topic, long offset) {
        return TidemarkException.refused(
                "record %d of the topic '%s' is encrypted with the key %s, and the key at hand is %s"
                        .formatted(offset, topic, sealed.kek(), held.ids()),
                "Set encryption.key-file or encryption.key-env to that key. If keys were exchanged since, set"
                        + " encryption.previous-key-file or encryption.previous-key-env to it until all of before is"
                        + " archived.",
                new MissingKeyException(sealed.kek()));
    }

    private DataKey unwrapped(EncryptedFrame sealed, String topic, long offset)
            throws GeneralSecurityException {
        KeyEncryptionKey kek =
                held.find(sealed.kek()).orElseThrow(() -> noKey(sealed, topic, offset));
        byte[] key = kek.wrapping().decrypt(sealed.key(), keyBinding(topic));
        return new DataKey(sealed.kek(), sealed.key(), aeadOf(key));
    }

    private static Aead aeadOf(byte[] key) {
        try {
            return new AesGcmJce(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    private static byte[] keyBinding(String topic) {
        return (DOMAIN + "data key of " + topic).getBytes(UTF_8);
    }

    /** Of the topic's one partition. */
    private static byte[] binding(String topic, long offset) {
        return (DOMAIN + topic + "\n0\n" + offset).getBytes(UTF_8);
    }
}
