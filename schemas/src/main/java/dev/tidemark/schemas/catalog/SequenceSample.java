package dev.tidemark.schemas.catalog;

import dev.tidemark.schemas.json.CanonicalJson;
import java.util.List;

/**
 * Where a sequence stood at some moment.
 *
 * @param id the sequence's id
 * @param last the value handed out last, or the first one to come
 * @param called was {@code last} handed out?
 */
public record SequenceSample(long id, long last, boolean called) {
    /** Reads the content of a Sequences entry. */
    public static List<SequenceSample> readAll(String json) {
        return List.of(
                CanonicalJson.read(
                        json.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        SequenceSample[].class,
                        "a sample of sequences"));
    }
}
