package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;

/** As the archive itself has it. */
record ArchivedType(FieldType type) implements ExportType {
    @Override
    public boolean holds(Value text) {
        return type.isText() || type.number(text).isPresent();
    }

    @Override
    public Type column(String name) {
        return type.column(name);
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        if (type.isText()) {
            Binary said = Texts.binary(text);
            out.addBinary(said);
            return said.length();
        }
        type.write(type.number(text).orElseThrow(), out);
        return Long.BYTES;
    }
}
