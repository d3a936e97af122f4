package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.LocalInputFile;

/** Says by the Bloom filters of a file of changes which rows are not in it. */
public final class ChangesFilter {
    private ChangesFilter() {}

    /**
     * May there be a change of the row with a key, or one that gave it to a row, or took it?
     *
     * @param table as its rows are in the file
     * @param key the fields of its key, in the key's order
     */
    public static boolean mayHold(Path path, Table table, List<Value> key) throws IOException {
        try (ParquetFileReader file =
                ParquetFileReader.open(
                        new LocalInputFile(path),
                        ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            for (BlockMetaData block : file.getFooter().getBlocks()) {
                if (mayHold(file, block, table, key)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | RuntimeException e) {
            throw TidemarkException.failed(
                    "cannot read the Parquet file " + path + ": " + TidemarkException.reason(e),
                    "Run 'tidemark verify' to see what is damaged.",
                    e);
        }
    }

    private static boolean mayHold(
            ParquetFileReader file, BlockMetaData block, Table table, List<Value> key)
            throws IOException {
        for (int i = 0; i < key.size(); i++) {
            int id = table.key().get(i);
            Column column =
                    table.stored().stream().filter(one -> one.id() == id).findFirst().orElseThrow();
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
        BloomFilter filter = file.readBloomFilter(chunk);
        if (filter == null || field instanceof Value.Mark) {
            return false;
        }
        FieldType type = FieldType.of(column.type());
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
}
