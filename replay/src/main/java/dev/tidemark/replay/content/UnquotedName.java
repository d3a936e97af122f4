package dev.tidemark.replay.content;

/** A name that stands in no double quotes, as PostgreSQL reads it. */
public final class UnquotedName {
    private UnquotedName() {}

    /** With small letters for the capitals of ASCII; others stay, as in every UTF-8 database. */
    public static String folded(String name) {
        StringBuilder folded = new StringBuilder();
        name.chars()
                .forEach(one -> folded.append((char) (one >= 'A' && one <= 'Z' ? one + 32 : one)));
        return folded.toString();
    }
}
