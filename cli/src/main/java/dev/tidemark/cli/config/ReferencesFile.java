package dev.tidemark.cli.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** References that no foreign key declares, as a YAML file lists them. */
public final class ReferencesFile {
    private static final long BYTES_MAX = 1024 * 1024; // far more than anybody writes by hand
    private static final Set<String> KEYS = Set.of("from", "to", "when");
    private static final String FORM =
            "It is a list of entries such as '- {from: activities.parent_id, to: accounts.id, when: {parent_type: Account}}'.";

    /** Of two keys of one name the last would count. */
    private static final YAMLFactory YAML =
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private ReferencesFile() {}

    /**
     * Reads a file.
     *
     * @throws TidemarkException (refused) when it cannot be read, or says anything else
     */
    public static List<VirtualReference> read(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw wrong(file, "it is larger than " + BYTES_MAX + " bytes");
            }
            JsonNode root = new ObjectMapper(YAML).readTree(Files.readString(file));
            JsonNode list = root.isObject() ? root.path("references") : root;
            if (!list.isArray()) {
                throw wrong(file, "it holds no list");
            }
            List<VirtualReference> references = new ArrayList<>();
            for (JsonNode entry : list) {
                references.add(reference(file, entry));
            }
            return references;
        } catch (JacksonException e) {
            throw wrong(file, "it is not YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw wrong(file, TidemarkException.reason(e, file));
        }
    }

    private static VirtualReference reference(Path file, JsonNode entry) {
        entry.fieldNames()
                .forEachRemaining(
                        key -> {
                            if (!KEYS.contains(key)) {
                                throw wrong(file, "unknown key '%s'".formatted(key));
                            }
                        });
        JsonNode from = entry.path("from");
        JsonNode to = entry.path("to");
        if (!from.isTextual() || !to.isTextual()) {
            throw wrong(file, "an entry lacks from or to");
        }
        return new VirtualReference(from.asText(), to.asText(), when(file, entry.path("when")));
    }

    /** One that says nothing would let rows in that the reference is not of. */
    private static Map<String, List<String>> when(Path file, JsonNode said) {
        if (said.isMissingNode()) {
            return Map.of();
        }
        if (!said.isObject() || said.isEmpty()) {
            throw wrong(file, "what stands behind when names no column with its values");
        }
        Map<String, List<String>> when = new LinkedHashMap<>();
        said.properties().forEach(field -> when.put(field.getKey(), texts(file, field.getValue())));
        return when;
    }

    private static List<String> texts(Path file, JsonNode value) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : value.isArray() ? value : List.of(value)) {
            if (!one.isValueNode() || one.isNull()) {
                throw wrong(file, "what stands behind when is a value, or a list of values");
            }
            texts.add(one.asText());
        }
        if (texts.isEmpty()) {
            throw wrong(file, "a list of values behind when is empty");
        }
        return texts;
    }

    private static TidemarkException wrong(Path file, String what) {
        return TidemarkException.refused(
                "the references in '%s' cannot be read: %s".formatted(file, what), FORM);
    }
}
