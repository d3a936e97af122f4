package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/** Says by the statistics and Bloom filters of a file of changes which rows are not in it. */
final class ChangesFilter {
    /** Of more keys than these nearly every row group has one. */
    private static final int KEYS_MAX = 100;

    private ChangesFilter() {}

    /** The columns of a table's key, in its order. */
    static List<Column> columns(Table table) {
        return table.key().stream()
                .map(
                        id ->
                                table.stored().stream()
                                        .filter(column -> column.id() == id)
                                        .findFirst()
                                        .orElseThrow())
                .toList();
    }

    /**
     * The row groups with all lines in which one of some keys may be.
     *
     * @param keys the fields of each, in the key's order
     */
    static List<Integer> groups(ParquetFileReader file, Table table, Set<List<Value>> keys)
            throws IOException {
        List<BlockMetaData> blocks = file.getFooter().getBlocks();
        if (keys.size() > KEYS_MAX) {
            return IntStream.range(0, blocks.size()).boxed().toList();
        }
        BitSet wanted = new BitSet();
        for (int i = 0; i < blocks.size(); i++) {
            for (List<Value> key : keys) {
                if (!wanted.get(i) && mayHold(file, blocks.get(i), table, key)) {
                    wanted.set(i);
                }
            }
        }
        BitSet whole = (BitSet) wanted.clone();
        for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
            for (int from = i; from > 0 && !beginsALine(file, from); from--) {
                whole.set(from - 1);
            }
            for (int next = i + 1; next < blocks.size() && !beginsALine(file, next); next++) {
                whole.set(next);
            }
        }
        return whole.stream().boxed().toList();
    }

    /** Does a line go on from the row group before it? */
    private static boolean beginsALine(ParquetFileReader file, int group) throws IOException {
        MessageType all = file.getFooter().getFileMetaData().getSchema();
        MessageType first =
                new MessageType(all.getName(), all.getFields().get(ChangesSchema.FIRST));
        file.setRequestedSchema(first);
        try (PageReadStore pages = file.readRowGroup(group)) {
            ColumnDescriptor column = first.getColumns().getFirst();
            return new NumberPages(column, pages.getPageReader(column)).next() != 0;
        } finally {
            file.setRequestedSchema(all);
        }
    }

    private static boolean mayHold(
            ParquetFileReader file, BlockMetaData block, Table table, List<Value> key)
            throws IOException {
        List<Column> columns = columns(table);
        for (int i = 0; i < key.size(); i++) {
            Column column = columns.get(i);
            Optional<ColumnChunkMetaData> chunk =
                    block.getColumns().stream()
                            .filter(
                                    one ->
                                            one.getPath()
                                                    .toDotString()
                                                    .equals(BaseWriter.name(column)))
                            .findFirst();
            if (chunk.isPresent() && isMissing(file, chunk.get(), column, key.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMissing(
            ParquetFileReader file, ColumnChunkMetaData chunk, Column column, Value field)
            throws IOException {
        FieldType type = FieldType.of(column.type());
        if (isOutside(chunk.getStatistics(), type.number(field))) {
            return true;
        }
        BloomFilter filter = file.readBloomFilter(chunk);
        if (filter == null || field instanceof Value.Mark) {
            return false;
        }
        if (type.isText()) {
            return !filter.findHash(filter.hash(Texts.binary(field)));
        }
        OptionalLong number = type.number(field);
        return switch (type) {
            case INT, DATE ->
                    number.isPresent()
                            && !filter.findHash(filter.hash(Math.toIntExact(number.getAsLong())));
            case LONG, TIMESTAMP, INSTANT ->
                    number.isPresent() && !filter.findHash(filter.hash(number.getAsLong()));
            case TEXT, BOOLEAN -> false;
        };
    }

    /** Is a number less than all of a row group, or greater? */
    private static boolean isOutside(Statistics<?> all, OptionalLong number) {
        if (number.isEmpty() || all == null || !all.hasNonNullValue()) {
            return false;
        }
        long value = number.getAsLong();
        return switch (all) {
            case IntStatistics ints -> value < ints.getMin() || value > ints.getMax();
            case LongStatistics longs -> value < longs.getMin() || value > longs.getMax();
            default -> false;
        };
    }
}
