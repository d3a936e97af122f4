package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads rows of one version of a table as another version has them: by column id, never by name. A
 * column that the older version lacks has the value that the source gave to older rows when it was
 * added; the source forgets that value when it writes the rows anew.
 */
final class ShapeChange {
    private final int[] from; // the place in the old row, or −1
    private final Value[] missing;
    private final boolean same;

    /** From one version to another; by column id what older rows have in columns added between. */
    ShapeChange(Table old, Table now, Map<Integer, Value> added) {
        Map<Integer, Integer> places = new HashMap<>();
        List<Column> before = old.stored();
        for (int i = 0; i < before.size(); i++) {
            places.put(before.get(i).id(), i);
        }
        List<Column> after = now.stored();
        from = new int[after.size()];
        missing = new Value[after.size()];
        for (int i = 0; i < from.length; i++) {
            from[i] = places.getOrDefault(after.get(i).id(), -1);
            missing[i] = added.getOrDefault(after.get(i).id(), Value.Mark.NULL);
        }
        same = before.size() == after.size() && isIdentity(from);
    }

    private static boolean isIdentity(int[] from) {
        for (int i = 0; i < from.length; i++) {
            if (from[i] != i) {
                return false;
            }
        }
        return true;
    }

    List<Value> apply(List<Value> row) {
        if (same) {
            return row;
        }
        Value[] fields = new Value[from.length];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = from[i] < 0 ? missing[i] : row.get(from[i]);
        }
        return Arrays.asList(fields);
    }
}
