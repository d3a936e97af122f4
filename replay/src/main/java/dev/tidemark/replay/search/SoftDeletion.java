package dev.tidemark.replay.search;

import dev.tidemark.replay.profile.Liveness;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.replay.profile.SoftDelete;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.List;

/**
 * When rows of a table in one shape count as deleted. Immutable.
 *
 * @param as the table with the columns' names by which the rule is written: it may have had others
 *     then
 */
record SoftDeletion(SoftDelete rule, Table as) {
    Liveness of(List<Value> row) {
        return rule.of(RowFields.of(as, row));
    }
}
