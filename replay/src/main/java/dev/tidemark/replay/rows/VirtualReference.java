package dev.tidemark.replay.rows;

import java.util.List;
import java.util.Map;

/**
 * A reference that no constraint declares, as a user writes it.
 *
 * @param from {@code table.column} or {@code schema.table.column} that names a row, as SQL writes
 *     names
 * @param to the column that is named
 * @param when columns of the table of {@code from}, and the texts of which each must have one: of a
 *     polymorphic reference
 */
public record VirtualReference(String from, String to, Map<String, List<String>> when) {
    public VirtualReference {
        when = Map.copyOf(when);
    }

    @Override
    public String toString() {
        return from + " → " + to;
    }
}
