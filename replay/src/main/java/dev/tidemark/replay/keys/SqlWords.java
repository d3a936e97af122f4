package dev.tidemark.replay.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The words of a piece of SQL that PostgreSQL itself prints, one after the other: names without
 * their quotes, and every other character alone. For one thread.
 */
public final class SqlWords {
    /**
     * A word.
     *
     * @param text a name as the catalog has it, a keyword, or one character
     * @param isName may it be a name?
     * @param isQuoted then it is one
     */
    public record Word(String text, boolean isName, boolean isQuoted) {
        /** Is it this keyword or character? */
        boolean is(String wanted) {
            return !isQuoted && text.toUpperCase(Locale.ROOT).equals(wanted);
        }
    }

    private static final Word END = new Word("", false, false);

    private final String text;
    private int at;

    /** Those of a text. */
    public SqlWords(String text) {
        this.text = text;
    }

    /** All words; where the text is a literal or worse, words that fit nowhere. */
    public List<Word> words() {
        List<Word> words = new ArrayList<>();
        for (Word word = next(); !word.equals(END); word = next()) {
            words.add(word);
        }
        return words;
    }

    private Word next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return END;
        }
        if (text.charAt(at) == '"') {
            return new Word(quoted(), true, true);
        }
        int from = at++;
        if (!isPlain(text.charAt(from))) {
            return new Word(text.substring(from, at), false, false);
        }
        while (at < text.length() && isPlain(text.charAt(at))) {
            at++;
        }
        return new Word(text.substring(from, at), true, false);
    }

    private static boolean isPlain(char one) {
        return Character.isLetterOrDigit(one) || one == '_' || one == '$';
    }

    private String quoted() {
        StringBuilder name = new StringBuilder();
        for (at++; at < text.length(); at++) {
            if (text.charAt(at) == '"') {
                at++;
                if (at == text.length() || text.charAt(at) != '"') {
                    return name.toString();
                }
            }
            name.append(text.charAt(at));
        }
        return name.toString();
    }
}
