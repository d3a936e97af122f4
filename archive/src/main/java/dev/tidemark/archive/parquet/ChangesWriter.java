package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Writes the changes of one table's rows in one version, line by line. For one thread. */
public final class ChangesWriter {
    /** What stands in place of an operation. */
    static final String BEFORE = "BEFORE";

    private final ParquetFile<SortedChange> file;
    private final List<FieldType> types;
    private final List<String> names;

    private ChangesWriter(Path path, Table table) throws IOException {
        List<Type> columns = new ArrayList<>(ChangesSchema.HEAD.getFields());
        Set<String> pruning = new HashSet<>();
        this.types = new ArrayList<>();
        this.names = new ArrayList<>();
        for (Column column : table.stored()) {
            FieldType type = FieldType.of(column.type());
            String name = BaseWriter.name(column);
            types.add(type);
            names.add(name);
            columns.add(type.column(name));
            if (type != FieldType.BOOLEAN && table.key().contains(column.id())) {
                pruning.add(name); // keys are small, where others may be as large as the heap
            }
        }
        MessageType schema = new MessageType("changes", columns);
        this.file = ParquetFile.create(path, schema, Map.of(), pruning, this::write);
    }

    /** Starts a file, which must not exist, for rows in the order of {@link Table#stored()}. */
    public static ChangesWriter create(Path path, Table table) throws IOException {
        return new ChangesWriter(path, table);
    }

    public void add(SortedChange change) throws IOException {
        file.write(change);
    }

    public long rows() {
        return file.rows();
    }

    public Path close() throws IOException {
        return file.close();
    }

    /** Leaves no trace. */
    public void discard() throws IOException {
        file.discard();
    }

    private long write(SortedChange change, RecordConsumer out) {
        if (change.fields().size() != types.size()) {
            throw new IllegalArgumentException(
                    "a row of %d fields in a table of %d"
                            .formatted(change.fields().size(), types.size()));
        }
        out.startField("transaction", ChangesSchema.TRANSACTION);
        out.addInteger(change.transaction());
        out.endField("transaction", ChangesSchema.TRANSACTION);
        out.startField("sequence", ChangesSchema.SEQUENCE);
        out.addLong(change.sequence());
        out.endField("sequence", ChangesSchema.SEQUENCE);
        out.startField("first", ChangesSchema.FIRST);
        out.addBoolean(change.isFirst());
        out.endField("first", ChangesSchema.FIRST);
        word(out, "operation", ChangesSchema.OPERATION, operation(change));
        word(out, "image", ChangesSchema.IMAGE, change.image().name());
        places(out, "told", ChangesSchema.TOLD, change.told());
        places(out, "unchanged", ChangesSchema.UNCHANGED, change.unchanged());
        return fields(out, change.fields());
    }

    private static String operation(SortedChange change) {
        return change.operation().map(Operation::name).orElse(BEFORE);
    }

    private static void word(RecordConsumer out, String name, int index, String word) {
        out.startField(name, index);
        out.addBinary(Binary.fromString(word));
        out.endField(name, index);
    }

    private static void places(RecordConsumer out, String name, int index, List<Integer> places) {
        if (places.isEmpty()) {
            return;
        }
        out.startField(name, index);
        out.startGroup();
        out.startField("list", 0);
        for (int place : places) {
            out.startGroup();
            out.startField("element", 0);
            out.addInteger(place);
            out.endField("element", 0);
            out.endGroup();
        }
        out.endField("list", 0);
        out.endGroup();
        out.endField(name, index);
    }

    private long fields(RecordConsumer out, List<Value> fields) {
        List<Integer> unknown = new ArrayList<>();
        List<Integer> untyped = new ArrayList<>();
        OptionalLong[] numbers = new OptionalLong[fields.size()];
        for (int i = 0; i < numbers.length; i++) {
            Value value = fields.get(i);
            boolean isText = !(value instanceof Value.Mark);
            numbers[i] =
                    isText && !types.get(i).isText()
                            ? types.get(i).number(value)
                            : OptionalLong.empty();
            if (isText && !types.get(i).isText() && numbers[i].isEmpty()) {
                untyped.add(i);
            } else if (!value.isKnown()) {
                unknown.add(i);
            }
        }
        places(out, "unknown", ChangesSchema.UNKNOWN, unknown);
        long bytes = untyped(out, fields, untyped);
        for (int i = 0; i < numbers.length; i++) {
            Value value = fields.get(i);
            boolean isText = !(value instanceof Value.Mark) && types.get(i).isText();
            if (!isText && numbers[i].isEmpty()) {
                continue;
            }
            int index = ChangesSchema.FIELDS + i;
            out.startField(names.get(i), index);
            if (isText) {
                Binary text = Texts.binary(value);
                out.addBinary(text);
                bytes += text.length();
            } else {
                types.get(i).write(numbers[i].getAsLong(), out);
                bytes += Long.BYTES;
            }
            out.endField(names.get(i), index);
        }
        return bytes;
    }

    private static long untyped(RecordConsumer out, List<Value> fields, List<Integer> places) {
        if (places.isEmpty()) {
            return 0;
        }
        long bytes = 0;
        out.startField("untyped", ChangesSchema.UNTYPED);
        out.startGroup();
        out.startField("list", 0);
        for (int place : places) {
            out.startGroup();
            out.startField("element", 0);
            out.startGroup();
            out.startField("field", 0);
            out.addInteger(place);
            out.endField("field", 0);
            out.startField("text", 1);
            Binary text = Texts.binary(fields.get(place));
            out.addBinary(text);
            bytes += text.length();
            out.endField("text", 1);
            out.endGroup();
            out.endField("element", 0);
            out.endGroup();
        }
        out.endField("list", 0);
        out.endGroup();
        out.endField("untyped", ChangesSchema.UNTYPED);
        return bytes;
    }
}
