package dev.tidemark.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tables of docs/fidelity.md, for the tests that hold it to them. */
public final class FidelityDoc {
    /** The only words that a line may have. */
    public static final List<String> WORDS = List.of("exact", "rebuilt", "not held");

    private static final Pattern LINE = Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\|$");

    private FidelityDoc() {}

    /** The words for what PostgreSQL calls types, by their names. */
    public static Map<String, String> types() {
        return table("Values", "type");
    }

    /** The words for kinds of objects. */
    public static Map<String, String> objects() {
        return table("Objects", "kind");
    }

    /** The words for shapes of tables. */
    public static Map<String, String> shapes() {
        return table("Tables", "shape");
    }

    /** Those that have one of the words. */
    public static Set<String> with(Map<String, String> table, String... words) {
        Set<String> names = new TreeSet<>();
        table.forEach(
                (name, word) -> {
                    if (Set.of(words).contains(word)) {
                        names.add(name);
                    }
                });
        return names;
    }

    private static Map<String, String> table(String section, String head) {
        String text = read();
        int start = text.indexOf("\n## " + section + "\n");
        int end = text.indexOf("\n## ", start + 1);
        Map<String, String> table = new TreeMap<>();
        Matcher line = LINE.matcher(text.substring(start, end));
        while (line.find()) {
            if (!line.group(1).equals(head)) {
                table.put(line.group(1).replace("`", ""), line.group(2));
            }
        }
        return table;
    }

    private static String read() {
        try {
            return Files.readString(Path.of("../docs/fidelity.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
