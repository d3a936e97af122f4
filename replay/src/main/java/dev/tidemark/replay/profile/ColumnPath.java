package dev.tidemark.replay.profile;

import dev.tidemark.replay.content.TablePattern;
import dev.tidemark.replay.content.UnquotedName;
import java.util.List;
import java.util.Optional;

/**
 * A column of a table as SQL writes it, or of several: {@code *} in the table's name stands for any
 * text. Immutable.
 *
 * @param schema as the catalog has it; empty for any
 */
record ColumnPath(Optional<String> schema, String table, String column) {
    /** Empty when it is none. */
    static Optional<ColumnPath> parse(String text) {
        List<String> parts =
                TablePattern.atDots(text.strip()).stream().map(ColumnPath::name).toList();
        if (parts.size() < 2 || parts.size() > 3 || parts.contains("")) {
            return Optional.empty();
        }
        return Optional.of(
                new ColumnPath(
                        parts.size() == 3 ? Optional.of(parts.getFirst()) : Optional.empty(),
                        parts.get(parts.size() - 2),
                        parts.getLast()));
    }

    private static String name(String part) {
        boolean isQuoted = part.length() > 1 && part.startsWith("\"") && part.endsWith("\"");
        return isQuoted
                ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
                : UnquotedName.folded(part);
    }

    boolean isPattern() {
        return table.indexOf('*') >= 0;
    }

    /** As SQL writes it. */
    static String quoted(String schema, String table, String column) {
        return quoted(schema) + "." + quoted(table) + "." + quoted(column);
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
