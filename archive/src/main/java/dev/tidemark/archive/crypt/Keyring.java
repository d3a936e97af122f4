package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters.HashType;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one encrypted archive: data keys that lie in it under {@code keys/}, wrapped by the
 * key-encryption key. The envelope with the greatest number counts; who wants to be next creates it
 * where there is none. Safe for use by many threads, but for {@link #rotate}.
 */
public final class Keyring {
    private static final Logger log = LoggerFactory.getLogger(Keyring.class);
    private static final int NAMES_MAX = 1_000; // what S3 gives per request
    private static final int LOOKS_MAX = 5; // an envelope goes only when a newer one is there

    /** Two requests each time, which cost nothing beside those of the files. */
    private static final Duration LOOK_EVERY = Duration.ofMinutes(5);

    /**
     * Fine enough to read little of a file, coarse enough to cost little: 0.03 % of its size, and
     * four fifths of the speed of 1 MiB, which takes five times as long for what is small.
     */
    private static final int SEGMENT_BYTES = 64 * 1024;

    static {
        try {
            StreamingAeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private final ObjectStore store;
    private final String archive;
    private final KeyChain held;
    private final Duration lookEvery;
    private volatile Optional<Unwrapped> unwrapped = Optional.empty();
    private volatile long lookedAt; // System.nanoTime

    /** Data keys, as an envelope has them. */
    private record Unwrapped(KeyEnvelope envelope, KeysetHandle keyset, FileCipher cipher) {}

    private Keyring(ObjectStore store, String archive, KeyChain held, Duration lookEvery) {
        this.store = store;
        this.archive = archive;
        this.held = held;
        this.lookEvery = lookEvery;
    }

    /**
     * Makes the keys of a new archive, unless it has some.
     *
     * @param archive what names this archive and no other: the keys are bound to it
     */
    public static void create(
            ObjectStore store, String archive, KeyEncryptionKey key, Instant created)
            throws IOException {
        try {
            KeysetHandle keyset = KeysetHandle.generateNew(parameters());
            KeyEnvelope first = wrapped(keyset, 0, archive, key, created);
            store.putIfAbsent(first.name(), CanonicalJson.write(first));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AesGcmHkdfStreamingParameters parameters() throws GeneralSecurityException {
        return AesGcmHkdfStreamingParameters.builder()
                .setKeySizeBytes(32)
                .setDerivedAesGcmKeySizeBytes(32)
                .setHkdfHashType(HashType.SHA256)
                .setCiphertextSegmentSizeBytes(SEGMENT_BYTES)
                .build();
    }

    /**
     * Opens the keys of an archive.
     *
     * @throws TidemarkException when none of the keys held is the archive's
     */
    public static Keyring open(ObjectStore store, String archive, KeyChain held)
            throws IOException {
        return open(store, archive, held, LOOK_EVERY);
    }

    static Keyring open(ObjectStore store, String archive, KeyChain held, Duration lookEvery)
            throws IOException {
        Keyring keyring = new Keyring(store, archive, held, lookEvery);
        keyring.unwrap();
        return keyring;
    }

    /** Knows which key the archive needs, and has none: all that it is asked for is refused. */
    public static Keyring locked(ObjectStore store, String archive) {
        return new Keyring(store, archive, KeyChain.EMPTY, LOOK_EVERY);
    }

    public boolean isLocked() {
        return held.isEmpty();
    }

    /** The id of the key-encryption key that the archive needs now. */
    public String neededKey() throws IOException {
        return newest().kek();
    }

    /** How many data keys there are; files of each can be read. */
    public int dataKeys() throws IOException {
        return unwrap().keyset().size();
    }

    FileCipher cipher() throws IOException {
        Optional<Unwrapped> known = unwrapped;
        return known.isPresent() ? known.get().cipher() : unwrap().cipher();
    }

    /** That for what is new: a data key that somebody added is taken while a service works. */
    FileCipher cipherToWrite() throws IOException {
        if (unwrapped.isPresent() && System.nanoTime() - lookedAt > lookEvery.toNanos()) {
            try {
                unwrap();
            } catch (TidemarkException e) {
                lookedAt = System.nanoTime();
                log.warn(
                        "{}: going on with the data keys of before, until this is started anew. HINT: {}",
                        e.getMessage(),
                        e.hint());
            }
        }
        return cipher();
    }

    /**
     * The keys anew, if somebody exchanged them since; else what is to be read was altered.
     *
     * @return empty when they are those that are known
     */
    Optional<FileCipher> newerCipher() throws IOException {
        long known = unwrapped.map(one -> one.envelope().number()).orElse(-1L);
        Unwrapped now = unwrap();
        return now.envelope().number() > known ? Optional.of(now.cipher()) : Optional.empty();
    }

    private Unwrapped unwrap() throws IOException {
        KeyEnvelope envelope = newest();
        KeyEncryptionKey key = held.find(envelope.kek()).orElseThrow(() -> noKey(envelope, held));
        Unwrapped now = unwrapped(envelope, key);
        unwrapped = Optional.of(now);
        lookedAt = System.nanoTime();
        return now;
    }

    /** Is it what the key wrapped for this archive, under this number? */
    boolean opens(KeyEnvelope envelope, KeyEncryptionKey key) {
        try {
            return unwrapped(envelope, key).keyset().size() > 0;
        } catch (TidemarkException e) {
            return false;
        }
    }

    private Unwrapped unwrapped(KeyEnvelope envelope, KeyEncryptionKey key) {
        try {
            KeysetHandle keyset =
                    TinkProtoKeysetFormat.parseEncryptedKeyset(
                            Base64.getDecoder().decode(envelope.keyset()),
                            key.wrapping(),
                            binding(archive, envelope.number()));
            return new Unwrapped(envelope, keyset, new FileCipher(keyset));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw TidemarkException.refused(
                    "the archive's file %s of %s cannot be opened with the key %s that it names"
                            .formatted(envelope.name(), store.url(), key.id()),
                    "It was altered, or is another archive's. Restore it from a copy of this archive.",
                    e);
        }
    }

    /** What to say to who has not the key that it names. */
    TidemarkException noKey(KeyEnvelope envelope, KeyChain atHand) {
        if (atHand.isEmpty()) {
            return TidemarkException.refused(
                    "the archive %s is encrypted with the key %s, and no key is configured"
                            .formatted(store.url(), envelope.kek()),
                    "Set encryption.key-file or encryption.key-env to that key. Without it only 'tidemark verify' with"
                            + " --level files or hashes can check the archive.");
        }
        return TidemarkException.refused(
                "the archive %s is encrypted with the key %s, and the key at hand is %s"
                        .formatted(store.url(), envelope.kek(), atHand.ids()),
                "Set encryption.key-file or encryption.key-env to the key %s; after 'tidemark key rotate' that is the new one."
                        .formatted(envelope.kek()));
    }

    /**
     * Numbers and the archive are part of it: an older envelope cannot be put in another's place.
     */
    private static byte[] binding(String archive, long number) {
        return "%s of %s".formatted(KeyEnvelope.name(number), archive).getBytes(UTF_8);
    }

    private static KeyEnvelope wrapped(
            KeysetHandle keyset, long number, String archive, KeyEncryptionKey key, Instant created)
            throws GeneralSecurityException {
        byte[] bytes =
                TinkProtoKeysetFormat.serializeEncryptedKeyset(
                        keyset, key.wrapping(), binding(archive, number));
        return new KeyEnvelope(
                KeyEnvelope.FORMAT,
                number,
                key.id(),
                created,
                Base64.getEncoder().encodeToString(bytes));
    }

    private KeyEnvelope newest() throws IOException {
        for (int look = 1; ; look++) {
            List<String> names = names();
            if (names.isEmpty()) {
                throw TidemarkException.refused(
                        "the archive %s is encrypted, and holds no keys".formatted(store.url()),
                        "Restore the folder '%s' from a copy of the archive. If its first base was never finished, run"
                                        .formatted(KeyEnvelope.FOLDER)
                                + " 'tidemark init' again.");
            }
            try {
                return read(names.getLast());
            } catch (NoSuchFileException e) {
                if (look == LOOKS_MAX) { // keys were exchanged meanwhile
                    throw e;
                }
            }
        }
    }

    KeyEnvelope read(String name) throws IOException {
        byte[] content = store.get(name);
        tooNew(content, name)
                .ifPresent(
                        refusal -> {
                            throw refusal;
                        });
        KeyEnvelope envelope =
                CanonicalJson.read(content, KeyEnvelope.class, store.url() + " " + name);
        if (!envelope.name().equals(name)) {
            throw TidemarkException.refused(
                    "the archive's file %s says that it is %s".formatted(name, envelope.name()),
                    "Restore the folder '%s' from a copy of the archive."
                            .formatted(KeyEnvelope.FOLDER));
        }
        return envelope;
    }

    /** What matters of an envelope, whatever else is in it. */
    private record Form(int format) {}

    /** Is an envelope of a newer Tidemark? Empty for what this version reads, or nobody can. */
    static Optional<TidemarkException> tooNew(byte[] content, String name) {
        int format;
        try {
            format = CanonicalJson.read(content, Form.class, name).format();
        } catch (TidemarkException e) {
            return Optional.empty(); // it is damaged, which its reader tells
        }
        return format <= KeyEnvelope.FORMAT
                ? Optional.empty()
                : Optional.of(
                        TidemarkException.refused(
                                "the archive's file %s has format %d, and this version knows format %d"
                                        .formatted(name, format, KeyEnvelope.FORMAT),
                                "A newer Tidemark wrote it: upgrade this one."));
    }

    /** Those of wrapped data keys. */
    private List<String> names() throws IOException {
        List<String> names = allNames();
        names.removeIf(name -> !KeyEnvelope.isName(name));
        return names;
    }

    /** Those of all that lies there. */
    List<String> allNames() throws IOException {
        List<String> all = new ArrayList<>();
        for (List<String> names = store.list(KeyEnvelope.FOLDER, "", NAMES_MAX);
                !names.isEmpty();
                names = store.list(KeyEnvelope.FOLDER, all.getLast(), NAMES_MAX)) {
            all.addAll(names);
        }
        return all;
    }

    /**
     * Wraps the data keys with another key-encryption key, and removes what the one before wrapped:
     * that one opens the archive no more. Files stay as they are. After a failure either key is in
     * force, and to run it again goes on.
     *
     * @param next the new key; the one in force is among those held
     * @throws TidemarkException when somebody else was first
     */
    public void rotate(KeyEncryptionKey next, Instant created) throws IOException {
        Unwrapped now = unwrap();
        if (!now.envelope().kek().equals(next.id())) {
            publish(now.keyset(), now.envelope().number() + 1, next, created);
        }
        removeBefore(newest());
    }

    /**
     * Adds a data key, which files get from now on; those that are there keep theirs. A process
     * that is at work takes it within minutes.
     *
     * @throws TidemarkException when somebody else was first
     */
    public void addDataKey(Instant created) throws IOException {
        Unwrapped now = unwrap();
        try {
            KeysetHandle more =
                    KeysetHandle.newBuilder(now.keyset())
                            .addEntry(
                                    KeysetHandle.generateEntryFromParameters(parameters())
                                            .withRandomId()
                                            .makePrimary())
                            .build();
            KeyEncryptionKey key = held.find(now.envelope().kek()).orElseThrow();
            publish(more, now.envelope().number() + 1, key, created);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        removeBefore(newest());
    }

    private void publish(KeysetHandle keyset, long number, KeyEncryptionKey key, Instant created)
            throws IOException {
        KeyEnvelope envelope;
        try {
            envelope = wrapped(keyset, number, archive, key, created);
        } catch (GeneralSecurityException e) {
            throw TidemarkException.failed(
                    "the key %s cannot wrap: %s".formatted(key.id(), TidemarkException.reason(e)),
                    "Nothing was changed. Check that the key's service answers.",
                    e);
        }
        byte[] content = CanonicalJson.write(envelope);
        store.putIfAbsent(envelope.name(), content);
        if (!Arrays.equals(store.get(envelope.name()), content)) {
            throw TidemarkException.refused(
                    "somebody else exchanged the keys of %s meanwhile".formatted(store.url()),
                    "Nothing was changed by this run. Look with 'tidemark key' which key is in force, and run it again if that is"
                            + " still needed.");
        }
        unwrapped(read(envelope.name()), key); // before the one that surely opens it goes
    }

    private void removeBefore(KeyEnvelope envelope) throws IOException {
        for (String name : names()) {
            if (name.compareTo(envelope.name()) < 0) {
                store.delete(name);
            }
        }
    }
}
