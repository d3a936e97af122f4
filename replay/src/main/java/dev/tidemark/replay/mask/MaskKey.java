package dev.tidemark.replay.mask;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.archive.crypt.SecretFile;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * What hashes and inventions depend on: who has it can find out what a guessed value became. 32
 * random bytes, in base64 where they are written down. No message holds any of it. Immutable.
 */
public final class MaskKey {
    /** The variable of the environment that may hold it. */
    public static final String VARIABLE = "TIDEMARK_MASK_KEY";

    private static final int BYTES = 32;

    /** 32 random bytes have 30 different ones; fewer than these come once in 10¹⁷ keys. */
    private static final int DIFFERENT_BYTES_MIN = 16;

    private static final String MAKE =
            "'tidemark keygen --mask FILE' makes a key; a passphrase is none.";

    private static final SecretFile FILE =
            new SecretFile(
                    "the masks' key", "If others can have read it already, make a new key.", MAKE);

    private final byte[] bytes;
    private final boolean isOfThisRun;

    private MaskKey(byte[] bytes, boolean isOfThisRun) {
        this.bytes = bytes;
        this.isOfThisRun = isOfThisRun;
    }

    /**
     * The key that is given, or a random one.
     *
     * @param file where the mask file says that it is, if it does
     * @throws TidemarkException when it cannot be read, when others can read it, when it is no key,
     *     or when two are given
     */
    public static MaskKey of(Optional<Path> file, Map<String, String> environment) {
        String variable = environment.getOrDefault(VARIABLE, "");
        if (file.isPresent() && !variable.isEmpty()) {
            throw TidemarkException.refused(
                    "the masks' key is given twice: in %s and in the variable %s"
                            .formatted(file.get(), VARIABLE),
                    "Take one of them away: with the wrong one everybody would get another name.");
        }
        return file.map(MaskKey::read)
                .orElseGet(
                        () ->
                                variable.isEmpty()
                                        ? random()
                                        : parse(variable, "in the variable " + VARIABLE));
    }

    /** One that nobody has afterwards. */
    public static MaskKey random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return new MaskKey(bytes, true);
    }

    /** Is it one that the next run will not have? */
    public boolean isOfThisRun() {
        return isOfThisRun;
    }

    private static MaskKey read(Path file) {
        try {
            return parse(new String(FILE.content(file), UTF_8), "in " + file);
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot read the masks' key in %s: %s"
                            .formatted(file, TidemarkException.reason(e, file)),
                    "Check that the file is there and that you may read it. " + MAKE,
                    e);
        }
    }

    /**
     * A key as text.
     *
     * @param where for messages: {@code in FILE}
     */
    static MaskKey parse(String text, String where) {
        byte[] bytes = decoded(text.strip());
        if (bytes.length != BYTES || Arrays.equals(bytes, new byte[BYTES]) || isWeak(bytes)) {
            throw TidemarkException.refused(
                    "the masks' key %s is not base64 of 32 random bytes".formatted(where), MAKE);
        }
        return new MaskKey(bytes, false);
    }

    private static byte[] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) { // whose message may hold a character
            return new byte[0];
        }
    }

    private static boolean isWeak(byte[] key) {
        boolean[] seen = new boolean[256];
        int different = 0;
        for (byte one : key) {
            different += seen[Byte.toUnsignedInt(one)] ? 0 : 1;
            seen[Byte.toUnsignedInt(one)] = true;
        }
        return different < DIFFERENT_BYTES_MIN;
    }

    KeyedHash hash() {
        return new KeyedHash(bytes);
    }

    @Override
    public String toString() {
        return "MaskKey";
    }
}
