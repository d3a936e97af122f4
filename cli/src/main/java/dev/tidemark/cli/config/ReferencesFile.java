package dev.tidemark.cli.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.replay.rows.VirtualReferences;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** References that no foreign key declares, as a YAML file lists them. */
public final class ReferencesFile {
    private static final long BYTES_MAX = 1024 * 1024; // far more than anybody writes by hand
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
            List<String> problems = new ArrayList<>();
            List<VirtualReference> references = VirtualReferences.read(list, problems::add);
            if (!problems.isEmpty()) {
                throw wrong(file, String.join("; ", problems));
            }
            return references;
        } catch (JacksonException e) {
            throw wrong(file, "it is not YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw wrong(file, TidemarkException.reason(e, file));
        }
    }

    private static TidemarkException wrong(Path file, String what) {
        return TidemarkException.refused(
                "the references in '%s' cannot be read: %s".formatted(file, what), FORM);
    }
}
