package dev.tidemark.replay.difference;

import dev.tidemark.replay.keys.ForeignKey.OnDelete;
import dev.tidemark.replay.rows.InsertScript.Naming;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows that a patch deletes and puts in again as others, with the fields by which further rows name
 * them. Where the source deletes or changes these with them (ON DELETE CASCADE, SET NULL, SET
 * DEFAULT), it would do so to rows of which the patch knows nothing, since they did not change.
 * Keeps the fields in memory. For one thread.
 */
final class ReplacedRows {
    private final List<Naming> followed;
    private final NamingFields fields = new NamingFields();
    private final Map<Naming, Set<List<Value>>> deleted = new HashMap<>();
    private final Map<Naming, Set<List<Value>>> inserted = new HashMap<>();

    ReplacedRows(List<Naming> namings) {
        this.followed =
                namings.stream().filter(one -> one.onDelete() == OnDelete.FOLLOWED).toList();
    }

    void delete(Table table, List<Value> row) {
        add(table, row, deleted);
    }

    void insert(Table table, List<Value> row) {
        add(table, row, inserted);
    }

    private void add(Table table, List<Value> row, Map<Naming, Set<List<Value>>> to) {
        for (Naming naming : followed) {
            if (naming.parent() == table.id()) {
                to.computeIfAbsent(naming, any -> new HashSet<>())
                        .add(fields.of(table, naming.parentColumns(), row));
            }
        }
    }

    /**
     * Is there none?
     *
     * @throws TidemarkException (refused) when there is one
     */
    void refuseAny(Table table) {
        for (Naming naming : followed) {
            Set<List<Value>> both = new HashSet<>(deleted.getOrDefault(naming, Set.of()));
            both.retainAll(inserted.getOrDefault(naming, Set.of()));
            both.removeIf(values -> values.contains(Value.Mark.NULL));
            if (naming.parent() == table.id() && !both.isEmpty()) {
                throw TidemarkException.refused(
                        "a patch would delete a row of %s and put another one in its place, and the rows that name it by %s would be deleted or changed with it"
                                .formatted(
                                        table.displayName(),
                                        String.join(", ", naming.parentColumns())),
                        "Leave the table out by naming the others with --table, or move a restored database by 'tidemark rewind'.");
            }
        }
    }
}
