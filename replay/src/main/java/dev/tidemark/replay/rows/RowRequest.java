package dev.tidemark.replay.rows;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which rows a user wants.
 *
 * @param table {@code table} or {@code schema.table}, as SQL writes names
 * @param where a condition in SQL
 * @param related the way on from the rows; empty for these alone
 * @param rowsMax more are refused
 */
public record RowRequest(String table, String where, Optional<Related> related, long rowsMax) {
    /**
     * What comes with the rows.
     *
     * @param references besides the declared foreign keys
     * @param depth so many steps from parents to children; empty for all
     */
    public record Related(List<VirtualReference> references, OptionalInt depth) {
        public Related {
            references = List.copyOf(references);
        }
    }

    /** The same for who may not know what the rows were before they were masked. */
    public RowRequest untold() {
        return new RowRequest(
                table, "(not told: it speaks of values that are masked)", related, rowsMax);
    }
}
