package dev.tidemark.archive.crypt;

import java.time.Instant;
import java.util.Locale;

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

    static String name(long number) {
        return String.format(Locale.ROOT, "%s%020d.json", FOLDER, number);
    }

    String name() {
        return name(number);
    }
}
