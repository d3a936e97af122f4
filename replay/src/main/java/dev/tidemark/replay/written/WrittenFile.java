package dev.tidemark.replay.written;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A file of keys and values that a person wrote in YAML, and all that its reader finds wrong in it.
 * For one thread.
 */
public final class WrittenFile {
    // What has no value would otherwise be read as null, which somebody may take for a word, and
    // somebody else for a decision.
    private static final ObjectMapper YAML =
            new ObjectMapper(
                            YAMLFactory.builder()
                                    .disable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                                    .build())
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String name;
    private final String hint;
    private final List<String> problems = new ArrayList<>();

    /**
     * @param name of the file, for people
     * @param hint what to do when something is wrong in it
     */
    public WrittenFile(String name, String hint) {
        this.name = name;
        this.hint = hint;
    }

    /**
     * Reads its keys and values.
     *
     * @param problem what to say of a file that has something else
     * @throws TidemarkException (usage) when it has something else, or is not YAML
     */
    public JsonNode read(String yaml, Function<JsonNode, String> problem) {
        try {
            JsonNode root = YAML.readTree(yaml);
            if (root.isObject()) {
                return root;
            }
            problems.add(problem.apply(root));
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            String reason = e.getOriginalMessage().lines().findFirst().orElse("no reason given");
            problems.add((line == 0 ? "" : "line " + line + ": ") + "not YAML: " + reason);
        }
        throw wrong();
    }

    /** What was found wrong so far; who reads the tree adds to it. */
    public List<String> problems() {
        return problems;
    }

    /**
     * Ends the reading of a file in which something is wrong.
     *
     * @throws TidemarkException (usage) which lists all of it
     */
    public void requireNoProblem() {
        if (!problems.isEmpty()) {
            throw wrong();
        }
    }

    private TidemarkException wrong() {
        return TidemarkException.usage(
                "%s in %s:%s"
                        .formatted(
                                problems.size() == 1 ? "1 problem" : problems.size() + " problems",
                                name,
                                String.join("", problems.stream().map("\n  "::concat).toList())),
                hint);
    }
}
