package dev.tidemark.archive.merge;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a change of a row does to its key.
 *
 * @param was the key before it; empty for a row that was not there, and when it was not told
 * @param is the key after it; empty for a row that is gone, and when it was not told
 */
public record KeyMove(Optional<List<Value>> was, Optional<List<Value>> is) {
    /**
     * That of a change.
     *
     * @param table with a key, in the version that the change is of
     */
    public static KeyMove of(Table table, Entry.Row row) {
        List<Value> before = row.before().isEmpty() ? List.of() : fields(table, row.before());
        List<Value> after = row.after().isEmpty() ? List.of() : fields(table, row.after());
        if (row.operation() == Operation.INSERT || row.operation() == Operation.REWRITE) {
            return new KeyMove(Optional.empty(), known(after));
        }
        if (row.operation() == Operation.DELETE) {
            return new KeyMove(known(before), Optional.empty());
        }
        if (before.isEmpty()) {
            return new KeyMove(known(after), known(after)); // the source tells a key that changed
        }
        List<Value> now = new ArrayList<>(after);
        for (int i = 0; i < now.size(); i++) {
            now.set(i, now.get(i) == Value.Mark.UNCHANGED ? before.get(i) : now.get(i));
        }
        return new KeyMove(known(before), known(now));
    }

    /** Was or is it the key of the row? */
    public boolean touches(List<Value> key) {
        return was.filter(key::equals).isPresent() || is.filter(key::equals).isPresent();
    }

    /** The fields of a row's key, in the key's order; one that is not there is not known. */
    public static List<Value> fields(Table table, List<Value> row) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return table.key().stream()
                .map(stored::indexOf)
                .map(
                        place ->
                                place < 0 || place >= row.size()
                                        ? Value.Mark.UNKNOWN
                                        : row.get(place))
                .toList();
    }

    private static Optional<List<Value>> known(List<Value> key) {
        return !key.isEmpty() && key.stream().allMatch(Value::isKnown)
                ? Optional.of(key)
                : Optional.empty();
    }
}
