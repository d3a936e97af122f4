package dev.tidemark.replay.mask;

import java.util.Locale;

/**
 * Text in JSON as PostgreSQL writes it in jsonb (its function escape_json): byte for byte, since
 * what is restored is read back and compared.
 */
final class JsonText {
    private JsonText() {}

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            switch (letter) {
                case '\b' -> quoted.append("\\b");
                case '\f' -> quoted.append("\\f");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (letter < ' ' || isHalf(text, at)) {
                        quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
                    } else {
                        quoted.append(letter);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** Half of a surrogate pair, which the type json may hold as an escape, has no UTF-8. */
    private static boolean isHalf(String text, int at) {
        char letter = text.charAt(at);
        if (Character.isHighSurrogate(letter)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(letter)
                && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
