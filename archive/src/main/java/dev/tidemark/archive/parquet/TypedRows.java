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
import java.util.Objects;
import java.util.Set;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Rows of a table as Parquet for others: columns by their names, with types where each value of the
 * column has one of the type that says the same, else as text. For one thread.
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

    /**
     * What was written.
     *
     * @param asText the names of columns that are text only since some value has none of the type
     *     that others of the column have
     */
    public record Written(long rows, List<String> asText) {
        public Written {
            asText = List.copyOf(asText);
        }
    }

    private TypedRows() {}

    /**
     * Writes a file, which must not exist. Another beside it has the rows meanwhile and is deleted:
     * types are known when all were seen.
     *
     * @param types of the table's stored columns, by the source's names; of a domain what it is
     *     over
     */
    public static Written write(Path path, Table table, List<String> types, Source rows)
            throws IOException {
        Scratch large = new Scratch(folder(path));
        List<ExportType> wanted = types.stream().map(type -> ExportType.of(type, large)).toList();
        Path scratch = folder(path).resolve(path.getFileName() + ".rows");
        List<ExportType> held = new ArrayList<>(wanted);
        BaseWriter writer = BaseWriter.create(scratch, table);
        try {
            rows.to(
                    row -> {
                        narrow(held, row);
                        writer.add(row);
                    });
        } catch (IOException | RuntimeException e) {
            writer.discard();
            throw e;
        }
        List<String> names = table.stored().stream().map(Column::name).toList();
        try {
            long written = copy(writer.close(), path, names, held);
            return new Written(written, unlike(names, wanted, held));
        } finally {
            Files.deleteIfExists(scratch);
        }
    }

    private static Path folder(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a folder");
    }

    /** A column stays what it is as long as each value fits. */
    private static void narrow(List<ExportType> types, List<Value> row) {
        for (int i = 0; i < types.size(); i++) {
            Value value = row.get(i);
            if (!(value instanceof Value.Mark) && !types.get(i).holds(value)) {
                types.set(i, ExportType.text());
            }
        }
    }

    private static List<String> unlike(
            List<String> names, List<ExportType> wanted, List<ExportType> held) {
        List<String> unlike = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (!held.get(i).equals(wanted.get(i))) {
                unlike.add(names.get(i));
            }
        }
        return unlike;
    }

    private static long copy(Path from, Path to, List<String> names, List<ExportType> types)
            throws IOException {
        List<Type> schema = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            schema.add(types.get(i).column(names.get(i)));
        }
        if (schema.isEmpty()) {
            schema.add(ExportType.text().column("c0")); // Parquet has no table without columns
        }
        ParquetFile<List<Value>> file =
                ParquetFile.create(
                        to,
                        new MessageType("rows", schema),
                        Map.of(),
                        Set.of(),
                        (row, out) -> write(row, names, types, out));
        try (BaseReader reader = BaseReader.open(from, types.size())) {
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
            List<Value> row, List<String> names, List<ExportType> types, RecordConsumer out) {
        long bytes = 0;
        for (int i = 0; i < types.size(); i++) {
            Value value = row.get(i);
            if (value instanceof Value.Mark) {
                continue;
            }
            out.startField(names.get(i), i);
            bytes += types.get(i).write(value, out);
            out.endField(names.get(i), i);
        }
        return bytes;
    }
}
