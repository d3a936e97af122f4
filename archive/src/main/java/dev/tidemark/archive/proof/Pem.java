package dev.tidemark.archive.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Binary content between lines of dashes (RFC 7468), as OpenSSL reads and writes it. */
final class Pem {
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String PUBLIC_KEY = "PUBLIC KEY";

    private static final int LINE = 64;
    private static final Base64.Encoder ENCODER =
            Base64.getMimeEncoder(LINE, "\n".getBytes(US_ASCII));

    private Pem() {}

    static String write(String label, byte[] content) {
        return """
               -----BEGIN %s-----
               %s
               -----END %s-----
               """
                .formatted(label, ENCODER.encodeToString(content), label);
    }

    /** The first block with that label; empty when there is none, or it is not Base64. */
    static Optional<byte[]> read(String text, String label) {
        Pattern block =
                Pattern.compile(
                        "-----BEGIN %s-----([A-Za-z0-9+/=\\s]*)-----END %s-----"
                                .formatted(label, label));
        Matcher found = block.matcher(text);
        try {
            return found.find()
                    ? Optional.of(Base64.getMimeDecoder().decode(found.group(1)))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
