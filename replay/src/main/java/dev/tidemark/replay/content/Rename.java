package dev.tidemark.replay.content;

import dev.tidemark.replay.content.SqlNames.QualifiedName;
import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;

/**
 * A table that comes back under another name.
 *
 * @param text as the user wrote it
 * @param was its schema, or nothing where that is clear, and its name
 * @param is the same of the new name; without a schema it stays in its own
 */
public record Rename(String text, List<String> was, List<String> is) {
    private static final int NAME_BYTES_MAX = 63; // NAMEDATALEN - 1, as all servers are built

    public Rename {
        was = List.copyOf(was);
        is = List.copyOf(is);
    }

    /**
     * Reads {@code contact=contact_1403} or {@code crm.contact=old.contact}.
     *
     * @throws TidemarkException (usage) when it is not of that form
     */
    public static Rename parse(String text) {
        int equals = outsideOfQuotes(text);
        if (equals < 0) {
            throw broken(text);
        }
        return new Rename(
                text,
                names(text, text.substring(0, equals)),
                names(text, text.substring(equals + 1)));
    }

    private static int outsideOfQuotes(String text) {
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            isQuoted ^= text.charAt(i) == '"';
            if (text.charAt(i) == '=' && !isQuoted) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> names(String whole, String side) {
        List<String> names = new ArrayList<>();
        for (String part : TablePattern.atDots(side)) {
            boolean isQuoted = part.length() > 2 && part.startsWith("\"") && part.endsWith("\"");
            String name =
                    isQuoted
                            ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
                            : UnquotedName.folded(part);
            if (name.isEmpty() || (!isQuoted && name.contains("\""))) {
                throw broken(whole);
            }
            if (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
                throw TidemarkException.usage(
                        "the name '%s' is too long".formatted(name),
                        "PostgreSQL takes names of up to %d bytes.".formatted(NAME_BYTES_MAX));
            }
            names.add(name);
        }
        if (names.size() > 2) {
            throw broken(whole);
        }
        return names;
    }

    private static TidemarkException broken(String text) {
        return TidemarkException.usage(
                "'%s' does not say how to rename a table".formatted(text),
                "Write contact=contact_1403 or crm.contact=old.contact; capitals need double quotes.");
    }

    boolean isOf(String schema, String name) {
        return was.getLast().equals(name) && (was.size() == 1 || was.getFirst().equals(schema));
    }

    QualifiedName newName(String schema) {
        return new QualifiedName(is.size() == 1 ? schema : is.getFirst(), is.getLast());
    }
}
