package dev.tidemark.cli.prompt;

import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;

/** Reads on until a statement is whole; tells the words apart that can be completed. */
final class SqlLines implements Parser {
    /** What ends a word besides space; a dot does not: tables have schemas. */
    private static final String SIGNS = "(),;=<>+-*/|'";

    private final DefaultParser words =
            new DefaultParser() {
                @Override
                public boolean isDelimiterChar(CharSequence line, int place) {
                    char c = line.charAt(place);
                    return Character.isWhitespace(c) || SIGNS.indexOf(c) >= 0;
                }
            };

    SqlLines() {
        words.setQuoteChars(new char[0]);
        words.setEscapeChars(new char[0]);
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        boolean isMore = !Command.isOne(line) && !SqlText.of(line).isWhole();
        if (context == ParseContext.ACCEPT_LINE && isMore) {
            throw new EOFError(-1, -1, "a statement ends with a semicolon", ";");
        }
        return words.parse(line, cursor, context);
    }
}
