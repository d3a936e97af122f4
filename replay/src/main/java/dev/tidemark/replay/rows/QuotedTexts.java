package dev.tidemark.replay.rows;

import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts in single quotes of a piece of SQL, which are taken out before it is parsed: parsers do
 * not agree on what a backslash is, and here it is one, as PostgreSQL has it. Immutable.
 *
 * @param sql with a name in place of each text
 * @param texts by the numbers in these names
 */
record QuotedTexts(String sql, List<String> texts) {
    QuotedTexts {
        texts = List.copyOf(texts);
    }

    /**
     * Takes them out.
     *
     * @throws TidemarkException (refused) when one has no end or is of another form, or there are
     *     comments
     */
    static QuotedTexts of(String sql) {
        StringBuilder rest = new StringBuilder();
        List<String> texts = new ArrayList<>();
        int at = 0;
        while (at < sql.length()) {
            char one = sql.charAt(at);
            if (one == '\'' || one == '"') {
                int end = end(sql, at);
                if (one == '"') {
                    rest.append(sql, at, end);
                } else {
                    checkIsPlain(sql, at);
                    rest.append(name(texts.size()));
                    texts.add(sql.substring(at + 1, end - 1).replace("''", "'"));
                }
                at = end;
            } else if (sql.startsWith("--", at) || sql.startsWith("/*", at) || one == '$') {
                throw refused(sql, "comments and texts in dollars are not taken");
            } else if (sql.startsWith("!=-", at) || sql.startsWith("!=+", at)) {
                throw TidemarkException.refused(
                        "'%s' is no condition: PostgreSQL reads '%s' as one operator"
                                .formatted(sql, sql.substring(at, at + 3)),
                        "Put a blank behind !=, or write <>.");
            } else {
                rest.append(one);
                at++;
            }
        }
        return new QuotedTexts(rest.toString(), texts);
    }

    /** Behind the quote that ends it; two in a row are one of its own. */
    private static int end(String sql, int start) {
        char quote = sql.charAt(start);
        for (int at = start + 1; at < sql.length(); at++) {
            if (sql.charAt(at) == quote) {
                if (at + 1 == sql.length() || sql.charAt(at + 1) != quote) {
                    return at + 1;
                }
                at++;
            }
        }
        throw refused(sql, "a quote has no end");
    }

    private static void checkIsPlain(String sql, int start) {
        char before = start == 0 ? ' ' : sql.charAt(start - 1);
        if (Character.isLetterOrDigit(before) || before == '_' || before == '&') {
            throw refused(sql, "texts such as E'…' are not taken");
        }
    }

    private static TidemarkException refused(String sql, String why) {
        return TidemarkException.refused(
                "'%s' is no condition: %s".formatted(sql, why), "Write texts as 'it''s'.");
    }

    private static String name(int number) {
        return "'~" + number + "~'";
    }

    /** The text that a name stands for. */
    String text(String name) {
        return texts.get(Integer.parseInt(name.replaceAll("[^0-9]", "")));
    }

    /** With the texts in their places, for people. */
    String shown(Object sql) {
        String shown = String.valueOf(sql);
        for (int i = 0; i < texts.size(); i++) {
            shown = shown.replace(name(i), "'" + texts.get(i).replace("'", "''") + "'");
        }
        return shown;
    }
}
