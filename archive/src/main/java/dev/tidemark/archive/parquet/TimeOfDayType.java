package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.OptionalLong;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** Times of day, as microseconds. The source's {@code 24:00:00} is none for Parquet. */
record TimeOfDayType() implements ExportType {
    private static final int TEXT_MAX = "23:59:59.999999".length();

    /** Counted from here. */
    private static final String FIRST_DAY = "1970-01-01 ";

    @Override
    public boolean holds(Value text) {
        return micros(text).isPresent();
    }

    private static OptionalLong micros(Value text) {
        return Texts.brief(text, TEXT_MAX)
                .map(said -> FieldType.TIMESTAMP.number(Value.text(FIRST_DAY + said)))
                .orElse(OptionalLong.empty());
    }

    @Override
    public Type column(String name) {
        return Types.optional(PrimitiveTypeName.INT64)
                .as(LogicalTypeAnnotation.timeType(false, TimeUnit.MICROS))
                .named(name);
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        out.addLong(micros(text).orElseThrow());
        return Long.BYTES;
    }
}
