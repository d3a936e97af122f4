package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/**
 * Rows of a base out of the pages in which some keys may be: Parquet's own reader knows how pages
 * of different columns belong together where some are left out. For one thread.
 */
final class RowSearch extends RecordMaterializer<List<Value>> {
    private final Value[] row;
    private final GroupConverter root;

    /**
     * @param columns of the file
     */
    RowSearch(int columns) {
        row = new Value[columns];
        Converter[] fields = new Converter[Math.max(1, columns)];
        Arrays.setAll(fields, RowSearch.this::field);
        root =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return fields[field];
                    }

                    @Override
                    public void start() {
                        Arrays.fill(row, Value.Mark.NULL);
                    }

                    @Override
                    public void end() {}
                };
    }

    private PrimitiveConverter field(int place) {
        return new PrimitiveConverter() {
            @Override
            public void addBinary(Binary read) {
                row[place] = Texts.read(read);
            }
        };
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

    @Override
    public List<Value> getCurrentRecord() {
        return Arrays.asList(row.clone());
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }
}
