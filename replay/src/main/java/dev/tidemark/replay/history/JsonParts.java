package dev.tidemark.replay.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parts of a JSON document that differ from another one: members of objects by their names,
 * elements of arrays of the same length by their places; else the whole array.
 */
final class JsonParts {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

    /** A document. */
    private sealed interface Node {
        /** As JSON, in the order in which the source tells it. */
        String text();
    }

    private record Members(Map<String, Node> members) implements Node {
        @Override
        public String text() {
            List<String> parts = new ArrayList<>();
            members.forEach((name, node) -> parts.add(quoted(name) + ": " + node.text()));
            return "{" + String.join(", ", parts) + "}";
        }
    }

    private record Elements(List<Node> elements) implements Node {
        @Override
        public String text() {
            return "[" + String.join(", ", elements.stream().map(Node::text).toList()) + "]";
        }
    }

    /** A number as it is written, a text in quotes, true, false or null. */
    private record Leaf(String text) implements Node {}

    /**
     * A part that differs.
     *
     * @param path as in {@code theme} or {@code tags[2]."first name"}
     * @param before as JSON; empty when it was not there
     * @param after as JSON; empty when it is there no more
     */
    record Part(String path, Optional<String> before, Optional<String> after) {}

    private JsonParts() {}

    /**
     * What differs; nothing when the documents have no parts in common, differ in the way they are
     * written alone, or are none: then they are to be told whole.
     */
    static List<Part> different(String before, String after) {
        List<Part> parts = new ArrayList<>();
        try {
            compare("", read(before), read(after), parts);
        } catch (IOException e) {
            return List.of(); // deeper, or with longer numbers, than can be read
        }
        boolean isWhole = parts.stream().anyMatch(part -> part.path().isEmpty());
        return isWhole ? List.of() : parts;
    }

    private static void compare(String path, Node before, Node after, List<Part> parts) {
        if (before.equals(after)) {
            return;
        }
        switch (before) {
            case Members was when after instanceof Members is -> {
                Set<String> names = new LinkedHashSet<>(was.members().keySet());
                names.addAll(is.members().keySet());
                for (String name : names) {
                    compare(
                            member(path, name),
                            Optional.ofNullable(was.members().get(name)),
                            Optional.ofNullable(is.members().get(name)),
                            parts);
                }
            }
            case Elements was
                    when after instanceof Elements is
                            && was.elements().size() == is.elements().size() -> {
                for (int i = 0; i < was.elements().size(); i++) {
                    String at = path + "[" + i + "]";
                    compare(at, was.elements().get(i), is.elements().get(i), parts);
                }
            }
            default ->
                    parts.add(
                            new Part(path, Optional.of(before.text()), Optional.of(after.text())));
        }
    }

    private static void compare(
            String path, Optional<Node> before, Optional<Node> after, List<Part> parts) {
        if (before.isPresent() && after.isPresent()) {
            compare(path, before.get(), after.get(), parts);
        } else {
            parts.add(new Part(path, before.map(Node::text), after.map(Node::text)));
        }
    }

    private static String member(String path, String name) {
        String shown = PLAIN_NAME.matcher(name).matches() ? name : quoted(name);
        return path.isEmpty() ? shown : path + "." + shown;
    }

    private static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    private static Node read(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            Node node = node(parser);
            if (parser.nextToken() != null) {
                throw new IOException("more than one document");
            }
            return node;
        }
    }

    private static Node node(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("no document");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Node> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, node(parser));
                }
                yield new Members(members);
            }
            case START_ARRAY -> {
                List<Node> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(node(parser));
                }
                yield new Elements(elements);
            }
            case VALUE_STRING -> new Leaf(quoted(parser.getText()));
            default -> new Leaf(parser.getText());
        };
    }
}
