package dev.tidemark.replay.rows;

import dev.tidemark.schemas.TidemarkException;
import java.util.Optional;
import java.util.regex.Pattern;

/** A pattern of LIKE or ILIKE, where a backslash escapes. Immutable. */
final class LikePattern {
    private final Pattern pattern;
    private final String text;

    private LikePattern(Pattern pattern, String text) {
        this.pattern = pattern;
        this.text = text;
    }

    /** Empty when an escape is at its end, which PostgreSQL refuses too. */
    static Optional<LikePattern> like(String text) {
        return of(text, Pattern.DOTALL);
    }

    /**
     * The same without regard to the case of the letters of ASCII, which every locale but Turkish
     * ones sees alike; of others it is not known, so that the pattern must have none.
     */
    static Optional<LikePattern> ilike(String text) {
        return of(text, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    }

    private static Optional<LikePattern> of(String text, int flags) {
        StringBuilder regex = new StringBuilder();
        int[] points = text.codePoints().toArray();
        for (int i = 0; i < points.length; i++) {
            switch (points[i]) {
                case '%' -> regex.append(".*");
                case '_' -> regex.append('.');
                case '\\' -> {
                    if (++i == points.length) {
                        return Optional.empty();
                    }
                    regex.append(Pattern.quote(Character.toString(points[i])));
                }
                default -> regex.append(Pattern.quote(Character.toString(points[i])));
            }
        }
        return Optional.of(new LikePattern(Pattern.compile(regex.toString(), flags), text));
    }

    boolean matches(String value) {
        boolean isFolding = (pattern.flags() & Pattern.CASE_INSENSITIVE) != 0;
        if (isFolding && value.codePoints().anyMatch(LikePattern::isAsciiInLowerCase)) {
            throw TidemarkException.refused(
                    "whether a text with U+212A or U+0130 is like '%s' depends on the source's locale"
                            .formatted(text),
                    "Use LIKE.");
        }
        return pattern.matcher(value).matches();
    }

    /** Kelvin's sign and a capital İ: some locales see a k and an i in them. */
    private static boolean isAsciiInLowerCase(int point) {
        return point == 0x212A || point == 0x130;
    }

    @Override
    public String toString() {
        return text;
    }
}
