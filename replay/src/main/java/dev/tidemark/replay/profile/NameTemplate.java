package dev.tidemark.replay.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with columns in braces, such as {@code {first_name} {last_name}}; {@code {name->en_US}} is
 * a member of a JSON object. Immutable.
 *
 * @param text with at least one column
 */
record NameTemplate(String text) implements OfColumns {
    private static final Pattern COLUMN = Pattern.compile("\\{([^{}]+)}");
    private static final String MEMBER = "->";
    private static final ObjectMapper JSON = new ObjectMapper();

    NameTemplate {
        if (!isOne(text)) {
            throw new IllegalArgumentException("no column in '" + text + "'");
        }
    }

    /** Of a template, or of one column alone. */
    static Optional<NameTemplate> parse(String text) {
        boolean hasBraces = text.contains("{") || text.contains("}");
        String template = hasBraces ? text : "{" + text + "}";
        return isOne(template) ? Optional.of(new NameTemplate(template)) : Optional.empty();
    }

    /** Is there a column, and no brace without its other? */
    private static boolean isOne(String text) {
        String rest = COLUMN.matcher(text).replaceAll("");
        return !rest.equals(text) && !rest.contains("{") && !rest.contains("}");
    }

    @Override
    public List<String> columns() {
        return COLUMN.matcher(text)
                .results()
                .map(one -> one.group(1).split(MEMBER, 2)[0])
                .distinct()
                .toList();
    }

    /**
     * The name of a row, in which NULL is nothing. Empty when all its fields are NULL or empty, or
     * one is not known: half a name may be another row's.
     */
    Optional<String> of(RowFields row) {
        boolean isKnown = columns().stream().noneMatch(row::isUnknown);
        Matcher matcher = COLUMN.matcher(text);
        boolean isAny = matcher.results().anyMatch(one -> !field(row, one.group(1)).isEmpty());
        if (!isKnown || !isAny) {
            return Optional.empty();
        }
        return Optional.of(
                matcher.replaceAll(one -> Matcher.quoteReplacement(field(row, one.group(1))))
                        .replaceAll("\\s+", " ")
                        .strip());
    }

    private static String field(RowFields row, String expression) {
        String[] parts = expression.split(MEMBER, 2);
        String text = row.text(parts[0]).map(String::strip).orElse("");
        return parts.length == 1 ? text : member(text, parts[1]);
    }

    /**
     * A member, or else the first text there, as of a translated name; what is no object is the
     * text itself, as it was before names were translated.
     */
    private static String member(String text, String name) {
        try {
            JsonNode object = text.startsWith("{") ? JSON.readTree(text) : JSON.nullNode();
            if (!object.isObject()) {
                return text;
            }
            return object.path(name).isTextual()
                    ? object.path(name).textValue()
                    : object.properties().stream()
                            .map(Map.Entry::getValue)
                            .filter(JsonNode::isTextual)
                            .map(JsonNode::textValue)
                            .findFirst()
                            .orElse("");
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
