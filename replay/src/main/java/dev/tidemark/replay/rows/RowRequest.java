package dev.tidemark.replay.rows;

import dev.tidemark.schemas.catalog.Catalog;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

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
     * @param found more of them, which depend on the schema at the moment
     */
    public record Related(List<VirtualReference> references, OptionalInt depth, Found found) {
        public Related {
            references = List.copyOf(references);
        }

        public Related(List<VirtualReference> references, OptionalInt depth) {
            this(references, depth, catalog -> List.of());
        }

        /** Those that a user names, and those that are found. */
        List<VirtualReference> references(Catalog catalog) {
            return Stream.concat(references.stream(), found.in(catalog).stream()).toList();
        }
    }

    /** Finds references that no constraint declares. */
    public interface Found {
        List<VirtualReference> in(Catalog catalog);
    }

    /** The same for who may not know what the rows were before they were masked. */
    public RowRequest untold() {
        return new RowRequest(
                table, "(not told: it speaks of values that are masked)", related, rowsMax);
    }
}
