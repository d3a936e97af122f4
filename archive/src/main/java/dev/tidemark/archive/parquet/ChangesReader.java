package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.MessageType;

/** The changes of one table's rows in one version, line by line. For one thread. */
public final class ChangesReader implements Iterator<SortedChange>, AutoCloseable {
    private final ParquetRows<SortedChange> rows;

    private ChangesReader(ParquetRows<SortedChange> rows) {
        this.rows = rows;
    }

    public static ChangesReader open(Path path) throws IOException {
        return new ChangesReader(ParquetRows.open(path, Materializer::new));
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public SortedChange next() {
        return rows.next();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static final class Materializer extends RecordMaterializer<SortedChange> {
        private final Fields.Whole transaction = new Fields.Whole();
        private final Fields.Whole sequence = new Fields.Whole();
        private final Fields.Whole first = new Fields.Whole();
        private final Fields.Word operation = new Fields.Word();
        private final Fields.Word image = new Fields.Word();
        private final Fields.Numbers told = new Fields.Numbers();
        private final Fields.Numbers unchanged = new Fields.Numbers();
        private final Fields.Numbers unknown = new Fields.Numbers();
        private final Fields.Placed untyped = new Fields.Placed();
        private final Converter[] converters;
        private Value[] row = {};

        Materializer(MessageType schema) {
            List<Converter> all =
                    new ArrayList<>(
                            List.of(
                                    transaction,
                                    sequence,
                                    first,
                                    operation,
                                    image,
                                    told,
                                    unchanged,
                                    unknown,
                                    untyped));
            for (int i = ChangesSchema.FIELDS; i < schema.getFieldCount(); i++) {
                FieldType type = FieldType.of(schema.getType(i).asPrimitiveType());
                all.add(new Field(i - ChangesSchema.FIELDS, type));
            }
            converters = all.toArray(Converter[]::new);
        }

        /** Takes a field of the table. */
        private final class Field extends PrimitiveConverter {
            private final int place;
            private final FieldType type;

            Field(int place, FieldType type) {
                this.place = place;
                this.type = type;
            }

            @Override
            public void addBinary(Binary read) {
                row[place] = Texts.read(read);
            }

            @Override
            public void addInt(int read) {
                row[place] = type.text(read);
            }

            @Override
            public void addLong(long read) {
                row[place] = type.text(read);
            }

            @Override
            public void addBoolean(boolean read) {
                row[place] = type.text(read ? 1 : 0);
            }
        }

        private final GroupConverter root =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return converters[field];
                    }

                    @Override
                    public void start() {
                        row = new Value[converters.length - ChangesSchema.FIELDS];
                        Arrays.fill(row, Value.Mark.NULL);
                    }

                    @Override
                    public void end() {}
                };

        @Override
        public SortedChange getCurrentRecord() {
            for (int place : unknown.take()) {
                row[place] = Value.Mark.UNKNOWN;
            }
            untyped.take(row);
            return new SortedChange(
                    Math.toIntExact(transaction.value),
                    sequence.value,
                    first.value != 0,
                    operation.value.equals(ChangesWriter.BEFORE)
                            ? Optional.empty()
                            : Optional.of(Operation.valueOf(operation.value)),
                    BeforeImage.valueOf(image.value),
                    told.take(),
                    unchanged.take(),
                    Arrays.asList(row));
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }
}
