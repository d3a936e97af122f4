package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a base out of the pages in which some keys may be, empty for those that have another key:
 * of these nothing is read but the key. For one thread.
 */
final class RowSearch implements Supplier<List<Value>> {
    private final MessageType schema;
    private final PageReadStore pages;
    private final Sought sought;
    private final @Nullable TextPages[] columns; // that were needed so far
    private final PrimitiveIterator.OfLong rows;

    /**
     * Keys that are looked for.
     *
     * @param places of their columns
     * @param keys the fields of each, which are texts, in that order
     * @param firsts the first field of each
     */
    record Sought(List<Integer> places, Set<List<Value>> keys, Set<Value> firsts) {
        static Sought of(List<Integer> places, Set<List<Value>> keys) {
            return new Sought(
                    List.copyOf(places),
                    Set.copyOf(keys),
                    keys.stream().map(List::getFirst).collect(Collectors.toUnmodifiableSet()));
        }
    }

    RowSearch(MessageType schema, PageReadStore pages, Sought sought) {
        this.schema = schema;
        this.pages = pages;
        this.sought = sought;
        this.columns = new TextPages[schema.getFieldCount()];
        this.rows =
                pages.getRowIndexes()
                        .orElseGet(() -> LongStream.range(0, pages.getRowCount()).iterator());
    }

    @Override
    public List<Value> get() {
        long row = rows.nextLong();
        List<Integer> places = sought.places();
        Value first = field(places.getFirst(), row);
        if (!sought.firsts().contains(first)) {
            return List.of();
        }
        Value[] key = new Value[places.size()];
        key[0] = first;
        for (int i = 1; i < key.length; i++) {
            key[i] = field(places.get(i), row);
        }
        return sought.keys().contains(List.of(key)) ? row(row, key) : List.of();
    }

    private Value field(int place, long row) {
        TextPages column = columns[place];
        if (column == null) {
            ColumnDescriptor described = schema.getColumns().get(place);
            column = new TextPages(described, pages.getPageReader(described));
            columns[place] = column;
        }
        return column.at(row);
    }

    /** All fields, of which those of the key are read already. */
    private List<Value> row(long row, Value[] key) {
        Value[] fields = new Value[columns.length];
        for (int i = 0; i < key.length; i++) {
            fields[sought.places().get(i)] = key[i];
        }
        for (int place = 0; place < fields.length; place++) {
            if (fields[place] == null) {
                fields[place] = field(place, row);
            }
        }
        return Arrays.asList(fields);
    }

    /**
     * What holds of rows that have one of some keys, and perhaps of others.
     *
     * @param columns the file's names of the key's columns
     * @param keys the fields of each, which are texts, in that order
     */
    static FilterPredicate predicate(List<String> columns, Set<List<Value>> keys) {
        FilterPredicate all = one(columns.getFirst(), 0, keys);
        for (int i = 1; i < columns.size(); i++) {
            all = FilterApi.and(all, one(columns.get(i), i, keys));
        }
        return all;
    }

    private static FilterPredicate one(String column, int place, Set<List<Value>> keys) {
        Set<Binary> texts = new HashSet<>();
        keys.forEach(key -> texts.add(Texts.binary(key.get(place))));
        return FilterApi.in(FilterApi.binaryColumn(column), Collections.unmodifiableSet(texts));
    }
}
