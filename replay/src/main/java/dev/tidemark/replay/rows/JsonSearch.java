package dev.tidemark.replay.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.tidemark.replay.rows.JsonPlace.Level;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Looks for a value in a text of JSON. What is found is a piece of that text, to the letter: so
 * PostgreSQL gives it, down to blanks and the digits of numbers. For one thread; used once.
 */
final class JsonSearch {
    /** PostgreSQL has checked it already. */
    private static final StreamReadConstraints ANY =
            StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build();

    /** Names of members are what users write: there may be many, and each once. */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(ANY)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();

    private final String json;
    private final JsonParser parser;
    private final List<Level> levels;
    private Optional<String> found = Optional.empty();

    private JsonSearch(String json, JsonParser parser, List<Level> levels) {
        this.json = json;
        this.parser = parser;
        this.levels = levels;
    }

    /** The value to which levels lead; of several the last. */
    static Optional<String> find(String json, List<Level> levels) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            JsonSearch search = new JsonSearch(json, parser, levels);
            search.look(0);
            return search.found;
        } catch (IOException e) {
            throw broken();
        }
    }

    /** The text of a value; empty for null. */
    static Optional<String> text(String json) {
        if (json.equals("null")) {
            return Optional.empty();
        }
        if (!json.startsWith("\"")) {
            return Optional.of(json);
        }
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return Optional.of(parser.getText());
        } catch (IOException e) {
            throw broken();
        }
    }

    /**
     * PostgreSQL reads all texts of the JSON, whichever is looked for.
     *
     * @throws TidemarkException (refused) when it would fail there
     */
    static void checkTexts(String json) {
        if (!json.contains("\\u")) {
            return; // only escapes can say what is no character
        }
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                boolean isText = token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING;
                if (isText && parser.getText().codePoints().anyMatch(JsonSearch::isNoCharacter)) {
                    throw noCharacter();
                }
            }
        } catch (IOException e) {
            throw noCharacter(); // of what PostgreSQL took for JSON the parser fails there alone
        }
    }

    private static TidemarkException noCharacter() {
        return TidemarkException.refused(
                "a value of JSON has an escape that is no character, such as \\u0000",
                "PostgreSQL fails there too. Choose the rows by other columns.");
    }

    private static boolean isNoCharacter(int point) {
        return point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }

    /** Without the parser's message, which holds a part of the value. */
    private static IllegalStateException broken() {
        return new IllegalStateException("a column of JSON holds a text that is none");
    }

    /** The parser is at the beginning of a value, and then at its end. */
    private void look(int level) throws IOException {
        if (level == levels.size()) {
            found = Optional.of(taken());
        } else if (parser.currentToken() == JsonToken.START_OBJECT) {
            lookIntoObject(level);
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            lookIntoArray(level);
        }
    }

    private void lookIntoObject(int level) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (levels.get(level).isOf(name)) {
                look(level + 1);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void lookIntoArray(int level) throws IOException {
        int wanted = levels.get(level).element();
        if (wanted < 0 && wanted != Integer.MIN_VALUE) {
            wanted += elements();
        }
        for (int n = 0; parser.nextToken() != JsonToken.END_ARRAY; n++) {
            if (n == wanted) {
                look(level + 1);
            } else {
                parser.skipChildren();
            }
        }
    }

    /** How many there are in the array that begins here. */
    private int elements() throws IOException {
        try (JsonParser ahead = JSON.createParser(json.substring(start()))) {
            ahead.nextToken();
            int elements = 0;
            while (ahead.nextToken() != JsonToken.END_ARRAY) {
                ahead.skipChildren();
                elements++;
            }
            return elements;
        }
    }

    private int start() {
        return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    }

    private String taken() throws IOException {
        int start = start();
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_STRING && token.isScalarValue()) {
            return parser.getText(); // as it was written, also a number
        }
        parser.finishToken();
        parser.skipChildren();
        return json.substring(start, Math.toIntExact(parser.currentLocation().getCharOffset()));
    }
}
