package dev.tidemark.replay.content;

import dev.tidemark.schemas.TidemarkException;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of names as <a
 * href="https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-PATTERNS">psql and
 * pg_dump</a> take them: {@code *} is any text, {@code ?} any character, capitals mean small
 * letters unless they stand in double quotes, in which everything stands for itself. What else is
 * special in regular expressions is so here, but for {@code $}.
 *
 * @param text as the user wrote it
 * @param expression what a whole name has to match
 * @param isPlain can it match one name only?
 */
record NamePattern(String text, Pattern expression, boolean isPlain) {
    private static final String QUOTABLE = "|*+?()[]{}.^$\\&~";
    private static final String SPECIAL = "|*+?()[]{}^\\";

    /** The pattern of a part of what the user wrote, which has no dot outside of quotes. */
    static NamePattern parse(String text) {
        StringBuilder expression = new StringBuilder();
        boolean isQuoted = false;
        boolean isPlain = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                if (isQuoted && text.startsWith("\"\"", i)) {
                    expression.append(c);
                    i++;
                } else {
                    isQuoted = !isQuoted;
                }
            } else if (isQuoted) {
                expression.append(literal(c));
            } else {
                isPlain &= SPECIAL.indexOf(c) < 0;
                expression.append(unquoted(text, i));
            }
        }
        if (isQuoted) {
            throw broken(text, "a double quote is not closed");
        }
        try {
            return new NamePattern(
                    text, Pattern.compile(expression.toString(), Pattern.DOTALL), isPlain);
        } catch (PatternSyntaxException e) {
            throw broken(text, e.getDescription().toLowerCase(Locale.ROOT));
        }
    }

    private static String unquoted(String text, int place) {
        char c = text.charAt(place);
        return switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            case '$', '&', '~' -> literal(c);
            // As in psql: the name of a type of arrays ends so.
            case '[' -> text.startsWith("[]", place) ? "\\[" : "[";
            default -> UnquotedName.folded(text.substring(place, place + 1));
        };
    }

    private static String literal(char c) {
        return (QUOTABLE.indexOf(c) < 0 ? "" : "\\") + c;
    }

    private static TidemarkException broken(String text, String reason) {
        return TidemarkException.usage(
                "'%s' is no pattern of names: %s".formatted(text, reason),
                "Patterns are those of pg_dump, for example contact, crm.* or '\"Odd Name\"'.");
    }

    boolean matches(String name) {
        return expression.matcher(name).matches();
    }
}
