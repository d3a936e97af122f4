package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of each column of a database that is there. One that leaves a column open, or cannot
 * be carried out, cannot be made.
 */
public final class MaskPlan {
    private final Locale locale;
    private final Map<Long, List<ColumnMask>> columns;
    private final Set<String> dropped;
    private final List<String> notes;

    MaskPlan(
            Locale locale,
            Map<Long, List<ColumnMask>> columns,
            Set<String> dropped,
            List<String> notes) {
        this.locale = locale;
        this.columns = Map.copyOf(columns);
        this.dropped = Set.copyOf(dropped);
        this.notes = List.copyOf(notes);
    }

    /**
     * Holds a mask file against a database.
     *
     * @param withoutRows tables that come back without rows anyway, as {@code schema.name}
     * @throws dev.tidemark.schemas.TidemarkException (refused) with all columns that it leaves open
     *     and all that does not fit
     */
    public static MaskPlan of(MaskFile file, Catalog catalog, Set<String> withoutRows) {
        return new MaskPlanner(file, catalog, withoutRows).plan();
    }

    Locale locale() {
        return locale;
    }

    /** Of a table's stored columns. */
    List<ColumnMask> columns(Table table) {
        List<ColumnMask> there = columns.get(table.id());
        if (there == null || there.size() != table.stored().size()) {
            throw new IllegalStateException("nothing is decided about " + table.displayName());
        }
        return there;
    }

    /** Tables that are to come back without rows, as {@code schema.name}. */
    public Set<String> dropped() {
        return dropped;
    }

    /** What is not as one may think. */
    public List<String> notes() {
        return notes;
    }
}
