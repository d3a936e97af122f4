package dev.tidemark.archive.crypt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Texts for people in objects that are not encrypted as a whole: names and notes of marks, reasons
 * of gaps. In an archive that is not encrypted they stay as they are. Safe for use by many threads.
 */
public final class SealedTexts {
    /** What stands for a text that is encrypted begins so. */
    private static final String PREFIX = "encrypted:";

    /** Of an archive that is not encrypted. */
    public static final SealedTexts NONE = new SealedTexts(Optional.empty(), false);

    private final Optional<Keyring> keyring;
    private final boolean isAsFound;
    private final Map<String, String> opened = new ConcurrentHashMap<>(); // by what stands for them

    private SealedTexts(Optional<Keyring> keyring, boolean isAsFound) {
        this.keyring = keyring;
        this.isAsFound = isAsFound;
    }

    public static SealedTexts of(Keyring keyring) {
        return new SealedTexts(Optional.of(keyring), false);
    }

    /** The same for a look at what may be damaged: what cannot be opened still looks sealed. */
    public SealedTexts asFound() {
        return new SealedTexts(keyring, true);
    }

    /** Is the key of sealed ones at hand? */
    public boolean opensSealed() {
        return keyring.isPresent() && !isLocked();
    }

    /** Does it look like one that is sealed? Others than us may begin a text so. */
    public static boolean isSealed(String text) {
        return text.startsWith(PREFIX);
    }

    /** Can texts be sealed, and sealed ones be read? */
    public boolean isLocked() {
        return keyring.filter(Keyring::isLocked).isPresent();
    }

    /**
     * What to store.
     *
     * @param place where it will stand: it can be read there only
     */
    public String seal(String text, String place) throws IOException {
        if (keyring.isEmpty()) {
            return text;
        }
        byte[] sealed = new EncryptedFiles(keyring.get()).encrypt(text.getBytes(UTF_8), place);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    /**
     * The text that was sealed; without the key what stands for it.
     *
     * @throws TidemarkException when it was altered or is another one's
     */
    public String open(String stored, String place) throws IOException {
        if (keyring.isEmpty() || isLocked()) {
            return stored;
        }
        if (!isSealed(stored)) {
            if (isAsFound) {
                return PREFIX;
            }
            throw TidemarkException.refused(
                    "the text %s of the archive is not encrypted, as all of it are"
                            .formatted(place),
                    "Somebody without the key wrote it. Run 'tidemark verify'.");
        }
        String known = opened.get(place + stored);
        if (known != null) {
            return known;
        }
        try {
            byte[] sealed = Base64.getUrlDecoder().decode(stored.substring(PREFIX.length()));
            String text =
                    new String(new EncryptedFiles(keyring.get()).decrypt(sealed, place), UTF_8);
            opened.put(place + stored, text);
            return text;
        } catch (UndecryptableException | IllegalArgumentException e) {
            if (isAsFound) {
                return PREFIX;
            }
            throw TidemarkException.refused(
                    "the text %s of the archive cannot be decrypted".formatted(place),
                    "It was altered. Run 'tidemark verify'.",
                    e);
        }
    }
}
