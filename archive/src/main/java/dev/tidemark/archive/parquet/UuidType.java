package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/** UUIDs, as 16 bytes with the highest first. */
record UuidType() implements ExportType {
    private static final int BYTES = 16;
    private static final int TEXT_LENGTH = 36;

    @Override
    public boolean holds(Value text) {
        return uuid(text).isPresent();
    }

    /** Java takes more forms than the source writes; only a text that comes back is one. */
    private static Optional<UUID> uuid(Value text) {
        try {
            return Texts.brief(text, TEXT_LENGTH)
                    .map(UUID::fromString)
                    .filter(uuid -> Value.text(uuid.toString()).equals(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Type column(String name) {
        return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                .length(BYTES)
                .as(LogicalTypeAnnotation.uuidType())
                .named(name);
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        UUID uuid = uuid(text).orElseThrow();
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        out.addBinary(Binary.fromConstantByteArray(bytes.array()));
        return BYTES;
    }
}
