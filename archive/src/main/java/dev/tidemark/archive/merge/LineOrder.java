package dev.tidemark.archive.merge;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;

/**
 * The order of the lines of a table with a key: docs/format.md is the contract. For use by many
 * threads.
 */
public final class LineOrder {
    private final int[] places;
    private final boolean[] isNumber;
    private final int[] ascending;
    private final int[] inAscending;

    /** That of a table in one version. */
    public LineOrder(Table table) {
        List<Column> stored = table.stored();
        List<Integer> ids = stored.stream().map(Column::id).toList();
        places = table.key().stream().mapToInt(ids::indexOf).toArray();
        isNumber = new boolean[places.length];
        for (int i = 0; i < places.length; i++) {
            isNumber[i] =
                    switch (stored.get(places[i]).type()) {
                        case "smallint", "integer", "bigint" -> true;
                        default -> false;
                    };
        }
        ascending = Arrays.stream(places).sorted().toArray();
        inAscending =
                Arrays.stream(places).map(place -> Arrays.binarySearch(ascending, place)).toArray();
    }

    boolean hasKey() {
        return places.length > 0;
    }

    /** The places of the key's fields in a row, ascending. */
    public int[] ascending() {
        return ascending.clone();
    }

    /** Do the fields tell which row it is? */
    boolean isKnown(List<Value> fields) {
        for (int place : places) {
            if (place >= fields.size() || !fields.get(place).isKnown()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The key of a row.
     *
     * @throws IllegalArgumentException when a field of the key is not known
     */
    public LineKey of(List<Value> row) {
        return of(row, places);
    }

    /** The same of the fields at the {@link #ascending} places alone. */
    public LineKey ofAscending(List<Value> fields) {
        return of(fields, inAscending);
    }

    private LineKey of(List<Value> fields, int[] at) {
        SortKey key = new SortKey();
        for (int i = 0; i < at.length; i++) {
            Value field = fields.get(at[i]);
            if (!field.isKnown()) {
                throw new IllegalArgumentException("a key with a field that is " + field);
            }
            key.add(field, isNumber[i]);
        }
        return new LineKey(key.bytes());
    }

    /** Have two rows the same key? Cheaper than to compare those. */
    public boolean isSame(List<Value> one, List<Value> other) {
        for (int place : places) {
            if (!one.get(place).equals(other.get(place))) {
                return false;
            }
        }
        return true;
    }
}
