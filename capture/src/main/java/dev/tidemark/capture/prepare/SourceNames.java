package dev.tidemark.capture.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What Tidemark's things are called in a source. Names of slots are the server's, not the
 * database's, so they carry the source's own name.
 */
public record SourceNames(String slot, String publication) {
    /** PostgreSQL cuts longer names off. */
    private static final int LENGTH_MAX = 63;

    /** Digits of the hash that stands for the rest of a long name. */
    private static final int HASH_LENGTH = 8;

    /** What PostgreSQL takes as the name of a slot. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1," + LENGTH_MAX + "}");

    public SourceNames {
        if (!NAME.matcher(slot).matches() || !NAME.matcher(publication).matches()) {
            throw new IllegalArgumentException(
                    "not the names of a slot and a publication: " + slot + ", " + publication);
        }
    }

    /** The names for a source: {@code tidemark_} and its name in letters, digits and {@code _}. */
    public static SourceNames of(String source) {
        String name = "tidemark_" + source.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        if (name.length() > LENGTH_MAX) {
            name = name.substring(0, LENGTH_MAX - HASH_LENGTH - 1) + "_" + hash(source);
        }
        return new SourceNames(name, name);
    }

    private static String hash(String source) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
