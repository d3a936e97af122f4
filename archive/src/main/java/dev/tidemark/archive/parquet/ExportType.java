package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.Optional;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.Type;

/**
 * How the texts of a column of the source stand in a Parquet file for others. It may lose how a
 * text is written, never what it says; so other types are here than in the archive's own files
 * ({@link FieldType}), whose texts must come back to the byte.
 *
 * <p>What is asked of a type is a text, never a mark.
 */
sealed interface ExportType
        permits ArchivedType,
                BytesType,
                DecimalType,
                FloatingType,
                JsonType,
                TimeOfDayType,
                UuidType {
    /** For whatever has no type of its own. */
    static ExportType text() {
        return new ArchivedType(FieldType.TEXT);
    }

    /**
     * By the source's name of a type; one that is not known is kept as text.
     *
     * @param scratch for large values meanwhile
     */
    static ExportType of(String sourceType, ByteBufferAllocator scratch) {
        return switch (sourceType.replaceFirst("^(time)\\(\\d\\)", "$1")) {
            case "double precision" -> FloatingType.DOUBLE;
            case "real" -> FloatingType.REAL;
            case "uuid" -> new UuidType();
            case "bytea" -> new BytesType(scratch);
            case "json", "jsonb" -> new JsonType();
            case "time without time zone" -> new TimeOfDayType();
            default -> {
                Optional<ExportType> decimal = DecimalType.of(sourceType);
                yield decimal.orElseGet(() -> new ArchivedType(FieldType.of(sourceType)));
            }
        };
    }

    /** Has it a value for this text? */
    boolean holds(Value text);

    Type column(String name);

    /**
     * Writes the value of a text that it holds.
     *
     * @return how many bytes it takes, about
     */
    long write(Value text, RecordConsumer out);
}
