package dev.tidemark.archive.crypt;

import com.google.crypto.tink.proto.EncryptedKeyset;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The data keys of an archive, wrapped: an object under {@code keys/}, see docs/format.md.
 *
 * @param format the version of this form
 * @param number 0 for the first; grows with each rotation
 * @param kek the id of the key-encryption key that wraps them
 * @param created by the clock of who wrapped them
 * @param keyset Tink's encrypted keyset in its binary form, in base64
 */
public record KeyEnvelope(int format, long number, String kek, Instant created, String keyset) {
    static final int FORMAT = 1;

    /** Where they are. */
    public static final String FOLDER = "keys/";

    private static final Pattern NAME = Pattern.compile(Pattern.quote(FOLDER) + "\\d{20}\\.json");

    /** What no wrapped keyset is shorter than: a nonce of 12 bytes, and a tag of 16. */
    private static final int WRAPPED_BYTES_MIN = 28;

    public KeyEnvelope {
        Objects.requireNonNull(created);
        if (format != FORMAT || number < 0 || !kek.matches("[0-9a-f]{12}") || !isWrapped(keyset)) {
            throw new IllegalArgumentException("no wrapped data keys of format " + FORMAT);
        }
    }

    private static boolean isWrapped(String keyset) {
        try {
            return EncryptedKeyset.parseFrom(
                                    Base64.getDecoder().decode(keyset),
                                    ExtensionRegistryLite.getEmptyRegistry())
                            .getEncryptedKeyset()
                            .size()
                    > WRAPPED_BYTES_MIN;
        } catch (IllegalArgumentException | InvalidProtocolBufferException e) {
            return false;
        }
    }

    static String name(long number) {
        return String.format(Locale.ROOT, "%s%020d.json", FOLDER, number);
    }

    /** Is an object of that name wrapped data keys? Strays change nothing. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    String name() {
        return name(number);
    }
}
