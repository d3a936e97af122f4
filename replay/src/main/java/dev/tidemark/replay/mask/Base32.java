package dev.tidemark.replay.mask;

import java.nio.ByteBuffer;

/** Base 32 (RFC 4648) in lower case, so that it is the same where capitals do not count. */
final class Base32 {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int BITS = 5;

    private Base32() {}

    /** The next bytes as so many characters. */
    static String of(ByteBuffer bytes, int characters) {
        StringBuilder text = new StringBuilder(characters);
        int waiting = 0;
        int bits = 0;
        while (text.length() < characters) {
            if (bits < BITS) {
                waiting = (waiting << Byte.SIZE) | Byte.toUnsignedInt(bytes.get());
                bits += Byte.SIZE;
            }
            bits -= BITS;
            text.append(ALPHABET.charAt((waiting >>> bits) & 31));
        }
        return text.toString();
    }
}
