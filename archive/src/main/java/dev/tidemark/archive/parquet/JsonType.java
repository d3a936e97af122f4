package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * JSON, as the source's own text. PostgreSQL's {@code json} also takes an escaped half of a
 * surrogate pair ({@code "\\ud800"}), for which DuckDB refuses the whole file.
 */
record JsonType() implements ExportType {
    private static final int ESCAPE_DIGITS = 4;
    private static final int NO_SURROGATE = 0;

    @Override
    public boolean holds(Value text) {
        ByteBuffer said = Texts.bytes(text);
        boolean isHalf = false;
        while (said.hasRemaining()) {
            char unit = said.get() == '\\' ? escaped(said) : NO_SURROGATE;
            if (Character.isLowSurrogate(unit) != isHalf) {
                return false;
            }
            isHalf = Character.isHighSurrogate(unit);
        }
        return !isHalf;
    }

    /** What stands behind a backslash, if it is a number. */
    private static char escaped(ByteBuffer said) {
        if (!said.hasRemaining() || said.get() != 'u' || said.remaining() < ESCAPE_DIGITS) {
            return NO_SURROGATE;
        }
        int unit = 0;
        for (int i = 0; i < ESCAPE_DIGITS; i++) {
            unit = 16 * unit + Math.max(0, Character.digit(said.get(), 16));
        }
        return (char) unit;
    }

    @Override
    public Type column(String name) {
        return Types.optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.jsonType())
                .named(name);
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        return ExportType.text().write(text, out);
    }
}
