package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Writes rows of one table, as of one position. The file's columns are named by the table's column
 * ids: {@code c1}, {@code c2}; a table without columns has the one column {@code c0}, always null.
 * For one thread.
 */
public final class BaseWriter {
    private final ParquetFile<List<Value>> file;

    private BaseWriter(ParquetFile<List<Value>> file) {
        this.file = file;
    }

    /** Starts a file, which must not exist, for rows in the order of {@link Table#stored()}. */
    public static BaseWriter create(Path path, Table table) throws IOException {
        List<String> names = table.stored().stream().map(BaseWriter::name).toList();
        Types.MessageTypeBuilder schema = Types.buildMessage();
        for (String name : names.isEmpty() ? List.of("c0") : names) {
            schema.optional(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(name);
        }
        MessageType message = schema.named("rows");
        return new BaseWriter(ParquetFile.ofTexts(path, message, names.size()));
    }

    static String name(Column column) {
        return name(column.id());
    }

    static String name(int column) {
        return "c" + column;
    }

    /** A row, all of whose fields are known. */
    public void add(List<Value> row) throws IOException {
        file.write(row);
    }

    public long rows() {
        return file.rows();
    }

    /** About how large the file will be. */
    public long bytes() {
        return file.bytes();
    }

    public Path close() throws IOException {
        return file.close();
    }

    /** Leaves no trace. */
    public void discard() throws IOException {
        file.discard();
    }
}
