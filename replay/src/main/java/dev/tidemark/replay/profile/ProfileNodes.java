package dev.tidemark.replay.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.Nearest;
import java.util.List;
import java.util.Optional;

/** Takes parts of a profile as what they ought to be, and notes those that are not. */
final class ProfileNodes {
    private final List<String> problems;

    ProfileNodes(List<String> problems) {
        this.problems = problems;
    }

    void problem(String path, String what) {
        problems.add(path + ": " + what);
    }

    void checkKeys(String path, JsonNode node, List<String> known) {
        String prefix = path.isEmpty() ? "" : path + ".";
        node.fieldNames()
                .forEachRemaining(
                        key -> {
                            boolean unused = isOneOf(prefix + key, "unknown key", key, known);
                        });
    }

    /** Notes it if it is not. */
    boolean isOneOf(String path, String otherwise, String given, List<String> known) {
        if (known.contains(given)) {
            return true;
        }
        problem(
                path,
                otherwise
                        + Nearest.to(given, known)
                                .map("; did you mean '%s'?"::formatted)
                                .orElse("; expected one of " + String.join(", ", known)));
        return false;
    }

    /** What is there, if it is one with keys. */
    Optional<JsonNode> object(String path, JsonNode node) {
        if (node.isMissingNode() || node.isObject()) {
            return node.isObject() ? Optional.of(node) : Optional.empty();
        }
        problem(path, "expected keys and values");
        return Optional.empty();
    }

    Optional<String> text(String path, JsonNode node) {
        return node.isMissingNode() ? Optional.empty() : needed(path, node);
    }

    Optional<String> needed(String path, JsonNode node) {
        if (node.isMissingNode()) {
            problem(path, "is missing");
            return Optional.empty();
        }
        if (!node.isTextual() || node.textValue().isBlank()) {
            problem(path, "expected a text");
            return Optional.empty();
        }
        return Optional.of(node.textValue());
    }
}
