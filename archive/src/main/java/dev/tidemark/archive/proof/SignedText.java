package dev.tidemark.archive.proof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a signature is of: the bytes of a manifest without the signature, and before them which
 * archive it is a manifest of, so that none of another one can take its place.
 */
public final class SignedText {
    /** Within a text of JSON a quote has a backslash before it, so that this is never in one. */
    private static final Pattern FIELD = Pattern.compile("\"signature\":\"[A-Za-z0-9+/]{86}==\",");

    private SignedText() {}

    /**
     * The text to sign.
     *
     * @param what {@code manifest} or {@code checkpoint}
     * @param archive the SHA-256 in hex of tidemark.json
     * @param unsigned the bytes, without a signature
     */
    public static byte[] of(String what, String archive, byte[] unsigned) {
        byte[] head = "tidemark %s 1\n%s\n".formatted(what, archive).getBytes(UTF_8);
        byte[] text = new byte[head.length + unsigned.length];
        System.arraycopy(head, 0, text, 0, head.length);
        System.arraycopy(unsigned, 0, text, head.length, unsigned.length);
        return text;
    }

    /**
     * The text of a manifest that was signed, from the very bytes that are stored: a newer version
     * may have written what this one does not know.
     *
     * @return empty when there is not exactly one signature
     */
    public static Optional<byte[]> ofSigned(String archive, byte[] stored) {
        String bytes = new String(stored, ISO_8859_1); // a character for each byte
        Matcher field = FIELD.matcher(bytes);
        if (!field.find()) {
            return Optional.empty();
        }
        String unsigned = bytes.substring(0, field.start()) + bytes.substring(field.end());
        return field.find()
                ? Optional.empty()
                : Optional.of(of("manifest", archive, unsigned.getBytes(ISO_8859_1)));
    }
}
