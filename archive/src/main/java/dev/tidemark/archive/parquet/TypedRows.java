package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Rows of a table as Parquet for others: columns by their names, with types where each value of the
 * column has a number that gives its text back, else as text. For one thread.
 */
public final class TypedRows {
    /** Takes a row. */
    public interface Sink {
        void row(List<Value> row) throws IOException;
    }

    /** Passes all rows on, once. */
    public interface Source {
        void to(Sink sink) throws IOException;
    }

    private TypedRows() {}

    /**
     * Writes a file, which must not exist.
     *
     * @param scratch a local file for the rows meanwhile, which is deleted: types are known when
     *     all were seen
     * @return how many rows it has
     */
    public static long write(Path path, Path scratch, Table table, Source rows) throws IOException {
        List<Column> columns = table.stored();
        FieldType[] types = new FieldType[columns.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = FieldType.of(columns.get(i).type());
        }
        BaseWriter writer = BaseWriter.create(scratch, table);
        try {
            rows.to(
                    row -> {
                        for (int i = 0; i < types.length; i++) {
                            boolean isText = !(row.get(i) instanceof Value.Mark);
                            if (isText && types[i].number(row.get(i)).isEmpty()) {
                                types[i] = FieldType.TEXT;
                            }
                        }
                        writer.add(row);
                    });
        } catch (IOException | RuntimeException e) {
            writer.discard();
            throw e;
        }
        try {
            return copy(writer.close(), path, columns, types);
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    private static long copy(Path from, Path to, List<Column> columns, FieldType[] types)
            throws IOException {
        List<Type> schema = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            schema.add(types[i].column(columns.get(i).name()));
        }
        if (schema.isEmpty()) {
            schema.add(FieldType.TEXT.column("c0")); // Parquet has no table without columns
        }
        ParquetFile<List<Value>> file =
                ParquetFile.create(
                        to,
                        new MessageType("rows", schema),
                        Map.of(),
                        Set.of(),
                        (row, out) -> write(row, columns, types, out));
        try (BaseReader reader = BaseReader.open(from, types.length)) {
            while (reader.hasNext()) {
                file.write(reader.next());
            }
        } catch (IOException | RuntimeException e) {
            file.discard();
            throw e;
        }
        file.close();
        return file.rows();
    }

    private static long write(
            List<Value> row, List<Column> columns, FieldType[] types, RecordConsumer out) {
        long bytes = 0;
        for (int i = 0; i < types.length; i++) {
            Value value = row.get(i);
            if (value instanceof Value.Mark) {
                continue;
            }
            String name = columns.get(i).name();
            out.startField(name, i);
            if (types[i].isText()) {
                Binary text = Texts.binary(value);
                out.addBinary(text);
                bytes += text.length();
            } else {
                types[i].write(types[i].number(value).orElseThrow(), out);
                bytes += Long.BYTES;
            }
            out.endField(name, i);
        }
        return bytes;
    }
}
