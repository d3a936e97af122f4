package dev.tidemark.replay.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads references that no constraint declares, as files list them: {@code {from:
 * activity.parent_id, to: account.id, when: {parent_type: Account}}}, or with {@code by} for all
 * values of a column at once: {@code {from: activity.parent_id, by: parent_type, to: {Account:
 * account.id}}}.
 */
public final class VirtualReferences {
    private static final List<String> KEYS = List.of("from", "to", "by", "when");

    private VirtualReferences() {}

    /**
     * Those of a list of entries, or of one entry.
     *
     * @param problems takes what is wrong; such entries are left out
     */
    public static List<VirtualReference> read(JsonNode list, Consumer<String> problems) {
        return read(list, List.of(), problems);
    }

    /** The same where entries have more keys, which others read. */
    public static List<VirtualReference> read(
            JsonNode list, List<String> more, Consumer<String> problems) {
        if (!list.isArray() && !list.isObject()) {
            problems.accept("it holds no list");
        }
        List<VirtualReference> all = new ArrayList<>();
        for (JsonNode entry : list.isObject() ? List.of(list) : list) {
            entry.fieldNames()
                    .forEachRemaining(
                            key -> {
                                if (!KEYS.contains(key) && !more.contains(key)) {
                                    problems.accept("unknown key '%s'".formatted(key));
                                }
                            });
            all.addAll(new Entry(entry, problems).references());
        }
        return all;
    }

    /**
     * What stands against following one in a catalog; empty when it can be followed.
     *
     * @return whole sentences behind a message
     */
    public static Optional<TidemarkException> problem(Catalog catalog, VirtualReference reference) {
        try {
            var unused = new References(new TableSearch(catalog)).virtual(reference);
            return Optional.empty();
        } catch (TidemarkException e) {
            return Optional.of(e);
        }
    }

    /** One entry. */
    private record Entry(JsonNode node, Consumer<String> problems) {
        List<VirtualReference> references() {
            List<String> from = from(node.path("from"));
            JsonNode to = node.path("to");
            boolean isByValue = node.has("by");
            if (from.isEmpty() || (isByValue ? !to.isObject() || to.isEmpty() : !to.isTextual())) {
                problems.accept(
                        isByValue
                                ? "an entry with by lacks from, or a column for each value behind to"
                                : "an entry lacks from or to");
                return List.of();
            }
            Map<String, List<String>> when = when(node.path("when"));
            if (!isByValue) {
                return from.stream()
                        .map(one -> new VirtualReference(one, to.asText(), when))
                        .toList();
            }
            List<VirtualReference> all = new ArrayList<>();
            to.properties().forEach(value -> from.forEach(one -> all.addAll(by(one, value, when))));
            return all;
        }

        private List<VirtualReference> by(
                String from, Map.Entry<String, JsonNode> to, Map<String, List<String>> when) {
            if (!node.path("by").isTextual() || !to.getValue().isTextual()) {
                problems.accept(
                        "what stands behind by is a column, and behind to one for each value");
                return List.of();
            }
            Map<String, List<String>> both = new LinkedHashMap<>(when);
            both.put(node.path("by").asText(), List.of(to.getKey()));
            return List.of(new VirtualReference(from, to.getValue().asText(), both));
        }

        private List<String> from(JsonNode said) {
            List<String> all = new ArrayList<>();
            for (JsonNode one : said.isArray() ? said : List.of(said)) {
                if (!one.isTextual()) {
                    return List.of();
                }
                all.add(one.asText());
            }
            return all;
        }

        /** One that says nothing would let rows in that the reference is not of. */
        private Map<String, List<String>> when(JsonNode said) {
            if (said.isMissingNode()) {
                return Map.of();
            }
            if (!said.isObject() || said.isEmpty()) {
                problems.accept("what stands behind when names no column with its values");
                return Map.of();
            }
            Map<String, List<String>> when = new LinkedHashMap<>();
            said.properties().forEach(field -> when.put(field.getKey(), texts(field.getValue())));
            return when;
        }

        private List<String> texts(JsonNode value) {
            List<String> texts = new ArrayList<>();
            for (JsonNode one : value.isArray() ? value : List.of(value)) {
                if (one.isValueNode() && !one.isNull()) {
                    texts.add(one.asText());
                } else {
                    problems.accept("what stands behind when is a value, or a list of values");
                }
            }
            if (value.isArray() && value.isEmpty()) {
                problems.accept("a list of values behind when is empty");
            }
            return texts;
        }
    }
}
