package dev.tidemark.replay.difference;

import dev.tidemark.replay.history.ChangedField;
import java.util.List;
import java.util.Optional;

/**
 * A row that differs, as it is told.
 *
 * @param key texts of the fields that name it, in the key's order; empty for a table without a key
 * @param name how it is called, by the profile
 * @param fields those that differ; of a row that is there at one moment alone, all
 * @param times how many of such equal rows; one of those with a key
 * @param changes how many it had between the moments; empty where that is not known
 */
public record DifferingRow(
        String table,
        List<String> key,
        Optional<String> name,
        RowOutcome operation,
        List<ChangedField> fields,
        long times,
        Optional<Long> changes) {
    public DifferingRow {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
    }
}
