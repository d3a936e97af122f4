package dev.tidemark.replay.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a profile says of a table, or of all. For one thread. */
final class RulesReader {
    private static final String NONE = "none";
    private static final String NOT_NULL = "not null";

    private final ProfileNodes nodes;

    RulesReader(ProfileNodes nodes) {
        this.nodes = nodes;
    }

    /** What is said of the subjects below a path; other keys are nothing here. */
    Rules rules(String prefix, JsonNode node) {
        Map<Subject, List<OfColumns>> said = new EnumMap<>(Subject.class);
        for (Subject subject : Subject.values()) {
            JsonNode there = node.path(subject.word());
            if (!there.isMissingNode()) {
                said.put(subject, alternatives(subject, prefix + subject.word(), there));
            }
        }
        return new Rules(said);
    }

    private List<OfColumns> alternatives(Subject subject, String path, JsonNode node) {
        List<OfColumns> all = new ArrayList<>();
        if (node.isTextual() && node.textValue().equals(NONE)) {
            return all;
        }
        if (node.isArray() && node.isEmpty()) {
            nodes.problem(path, "an empty list; write none if there is nothing of the kind");
        }
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            switch (subject) {
                case MODIFIER, CREATOR, JSON ->
                        nodes.needed(path, one).map(OneColumn::new).ifPresent(all::add);
                case TENANT -> nodes.needed(path, one).map(RulesReader::tenant).ifPresent(all::add);
                case NAME -> name(path, one).ifPresent(all::add);
                case SOFT_DELETE -> softDelete(path, one).ifPresent(all::add);
            }
        }
        return all;
    }

    private static OfColumns tenant(String text) {
        return text.equals(BySchema.WORD) ? new BySchema() : new OneColumn(text);
    }

    /** Templates of names, one or a list. */
    List<NameTemplate> names(String path, JsonNode node) {
        List<NameTemplate> all = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            name(path, one).ifPresent(all::add);
        }
        return all;
    }

    private Optional<NameTemplate> name(String path, JsonNode node) {
        Optional<String> text = nodes.needed(path, node);
        Optional<NameTemplate> template = text.flatMap(NameTemplate::parse);
        if (text.isPresent() && template.isEmpty()) {
            nodes.problem(
                    path, "expected a column, or a text such as \"{first_name} {last_name}\"");
        }
        return template;
    }

    private Optional<SoftDelete> softDelete(String path, JsonNode node) {
        List<SoftDelete.Test> tests = new ArrayList<>();
        if (node.isObject()) {
            node.properties()
                    .forEach(one -> test(path, one.getKey(), one.getValue()).ifPresent(tests::add));
        }
        if (!node.isObject() || node.isEmpty()) {
            nodes.problem(
                    path,
                    "expected a column with its values, such as {deleted: true} or {deleted_at: not null}");
        }
        return tests.isEmpty() ? Optional.empty() : Optional.of(new SoftDelete(tests));
    }

    private Optional<SoftDelete.Test> test(String path, String column, JsonNode values) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : values.isArray() ? values : List.of(values)) {
            if (one.isValueNode() && !one.isNull() && !one.asText().isBlank()) {
                texts.add(one.asText());
            }
        }
        if (texts.isEmpty() || texts.size() < values.size()) {
            nodes.problem(path + "." + column, "expected values, or 'not null'");
            return Optional.empty();
        }
        return Optional.of(
                new SoftDelete.Test(column, texts.equals(List.of(NOT_NULL)) ? List.of() : texts));
    }
}
