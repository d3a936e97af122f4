package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** The rows of one file of a base. For one thread. */
public final class BaseReader implements Iterator<List<Value>>, AutoCloseable {
    private final ParquetRows<List<Value>> rows;

    private BaseReader(ParquetRows<List<Value>> rows) {
        this.rows = rows;
    }

    /** Rows in the order of the table's stored columns, of which there are so many. */
    public static BaseReader open(Path path, int columns) throws IOException {
        return new BaseReader(ParquetRows.open(path, schema -> new Materializer(columns)));
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public List<Value> next() {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static final class Materializer extends RecordMaterializer<List<Value>> {
        private final int columns;
        private Value[] row = {};
        private final Converter[] fields;

        Materializer(int columns) {
            this.columns = columns;
            fields = new Converter[Math.max(1, columns)];
            for (int i = 0; i < fields.length; i++) {
                int field = i;
                fields[i] =
                        new PrimitiveConverter() {
                            @Override
                            public void addBinary(Binary read) {
                                row[field] = Texts.read(read);
                            }
                        };
            }
        }

        private final GroupConverter root =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return fields[field];
                    }

                    @Override
                    public void start() {
                        row = new Value[columns];
                        Arrays.fill(row, Value.Mark.NULL);
                    }

                    @Override
                    public void end() {}
                };

        @Override
        public List<Value> getCurrentRecord() {
            return Arrays.asList(row);
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }
}
