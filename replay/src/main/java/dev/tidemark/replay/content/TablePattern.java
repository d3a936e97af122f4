package dev.tidemark.replay.content;

import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern of tables, {@code table} or {@code schema.table}. Unlike in pg_dump, which looks along
 * the search path, one without a schema means any: an archive has no search path.
 *
 * @param text as the user wrote it
 * @param schema {@code *} when none was given
 */
public record TablePattern(String text, NamePattern schema, NamePattern name) {
    private static final NamePattern ANY = NamePattern.parse("*");

    /**
     * Reads it.
     *
     * @throws TidemarkException (usage) when it is none
     */
    public static TablePattern parse(String text) {
        List<String> parts = atDots(text);
        if (parts.size() > 2 || parts.stream().anyMatch(String::isEmpty)) {
            throw TidemarkException.usage(
                    "'%s' is no pattern of tables".formatted(text),
                    "Write table or schema.table; put a name that has a dot in it into double quotes.");
        }
        return parts.size() == 1
                ? new TablePattern(text, ANY, NamePattern.parse(text))
                : new TablePattern(
                        text,
                        NamePattern.parse(parts.getFirst()),
                        NamePattern.parse(parts.getLast()));
    }

    /** The parts between dots that are not in quotes. */
    public static List<String> atDots(String text) {
        List<String> parts = new ArrayList<>();
        boolean isQuoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            isQuoted ^= c == '"';
            if (c == '.' && !isQuoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    boolean matches(String schemaName, String tableName) {
        return schema.matches(schemaName) && name.matches(tableName);
    }

    /** Does the user mean one table, wherever it is? */
    boolean isOneAnywhere() {
        return schema.equals(ANY) && name.isPlain();
    }
}
