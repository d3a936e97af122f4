package dev.tidemark.archive.merge;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The order of a table's rows by their keys: whole numbers by their size, all else by its bytes.
 * Immutable.
 */
public final class KeyOrder implements Comparator<List<Value>> {
    private static final Set<String> NUMBERS = Set.of("smallint", "integer", "bigint", "oid");

    private final List<Boolean> areNumbers;

    private KeyOrder(List<Boolean> areNumbers) {
        this.areNumbers = areNumbers;
    }

    /** That of a table with a key. */
    public static KeyOrder of(Table table) {
        List<Column> key = new ArrayList<>();
        for (int id : table.key()) {
            table.columns().stream().filter(column -> column.id() == id).forEach(key::add);
        }
        return of(key);
    }

    /** That of a key of these columns. */
    public static KeyOrder of(List<Column> key) {
        return new KeyOrder(key.stream().map(KeyOrder::isNumber).toList());
    }

    private static boolean isNumber(Column column) {
        return NUMBERS.contains(column.type());
    }

    /** Bytes of a key that are in this order. */
    SortKey bytes(List<Value> key) {
        SortKey bytes = new SortKey();
        for (int i = 0; i < key.size(); i++) {
            bytes.add(key.get(i), areNumbers.get(i));
        }
        return bytes;
    }

    @Override
    public int compare(List<Value> one, List<Value> other) {
        return Arrays.compareUnsigned(bytes(one).bytes(), bytes(other).bytes());
    }
}
