package dev.tidemark.replay.profile;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Map;

/**
 * A reference of a profile between two tables that are there. Immutable.
 *
 * @param when as in {@link VirtualReference}
 */
record FoundReference(
        Table from, String column, Table to, String toColumn, Map<String, List<String>> when) {
    FoundReference {
        when = Map.copyOf(when);
    }

    /** With names that can mean nothing else. */
    VirtualReference reference() {
        return new VirtualReference(
                ColumnPath.quoted(from.schema(), from.name(), column),
                ColumnPath.quoted(to.schema(), to.name(), toColumn),
                when);
    }
}
