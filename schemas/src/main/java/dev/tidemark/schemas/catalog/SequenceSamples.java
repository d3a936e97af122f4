package dev.tidemark.schemas.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.List;
import java.util.Optional;

/**
 * Where sequences stood at some moment. Sequences are not transactional, and a sample is committed
 * after it was read: others may commit what they got in between, before it in the commit order.
 *
 * @param at what was committed up to here had its numbers before the sample was read; empty where
 *     that is not known
 * @param sequences in the order of their ids
 */
public record SequenceSamples(Optional<Position> at, List<SequenceSample> sequences) {
    public SequenceSamples {
        sequences = List.copyOf(sequences);
    }

    /** Reads the content of a Sequences entry, which was a bare list once. */
    public static SequenceSamples read(String json) {
        byte[] content = json.getBytes(UTF_8);
        String what = "a sample of sequences";
        return json.startsWith("[")
                ? new SequenceSamples(
                        Optional.empty(),
                        List.of(CanonicalJson.read(content, SequenceSample[].class, what)))
                : CanonicalJson.read(content, SequenceSamples.class, what);
    }

    /** Is a number that was handed out in a transaction up to there sure to be in it? */
    public boolean holdsAllUpTo(Position position) {
        return at.isEmpty() || !at.get().isBefore(position);
    }
}
