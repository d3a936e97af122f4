package dev.tidemark.cli.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Reads YAML into the texts of its values, by the path of their keys, each with its line. What has
 * no place in the configuration (lists, aliases, empty values, keys given twice) is a problem.
 */
final class YamlSettings {
    /** Deeper than any key, and shallow enough for a stack. */
    private static final int DEPTH_MAX = 10;

    /** A value as it is written; quotes are gone. */
    record Setting(String text, int line) {}

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Problems problems;

    private YamlSettings(Problems problems) {
        this.problems = problems;
    }

    static Map<String, Setting> read(String yaml, Problems problems) {
        var reading = new YamlSettings(problems);
        try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
            reading.document(parser);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            problems.add(line, "", "not YAML: " + reason(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
        return reading.settings;
    }

    private void document(YAMLParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            problems.add(line(parser), "", "expected keys and values, such as 'timezone: UTC'");
            return;
        }
        section("", parser, 1);
        if (parser.nextToken() != null) {
            problems.add(line(parser), "", "a second document; expected only one");
        }
    }

    private void section(String prefix, YAMLParser parser, int depth) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String path = prefix + parser.currentName();
            int line = line(parser);
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT && depth < DEPTH_MAX) {
                section(path + ".", parser, depth + 1);
            } else if (token.isStructStart()) {
                problems.add(line, path, "a list; expected one value");
                parser.skipChildren();
            } else {
                scalar(path, line, token, parser);
            }
        }
    }

    private void scalar(String path, int line, JsonToken token, YAMLParser parser)
            throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            problems.add(line, path, "has no value");
        } else if (parser.isCurrentAlias()) {
            problems.add(line, path, "an alias; expected the value itself");
        } else if (settings.putIfAbsent(path, new Setting(parser.getText(), line)) != null) {
            problems.add(line, path, "given twice");
        }
    }

    private static int line(YAMLParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    /** Without the indented lines, which repeat the file's text: it may hold a secret. */
    private static String reason(String message) {
        return message.lines()
                .filter(line -> !line.startsWith(" "))
                .collect(Collectors.joining(", "));
    }
}
