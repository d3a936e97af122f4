package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Bytes, which the source writes as <code>\x</code> and two hexadecimal digits for each.
 *
 * @param scratch for the bytes of large values
 */
record BytesType(ByteBufferAllocator scratch) implements ExportType {
    private static final int PREFIX = 2;
    private static final int DIGITS = 2;

    @Override
    public boolean holds(Value text) {
        ByteBuffer said = Texts.bytes(text);
        if (said.remaining() % DIGITS != 0 || said.remaining() < PREFIX) {
            return false;
        }
        if (said.get() != '\\' || said.get() != 'x') {
            return false;
        }
        while (said.hasRemaining()) {
            if (!HexFormat.isHexDigit(said.get())) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Type column(String name) {
        return Types.optional(PrimitiveTypeName.BINARY).named(name);
    }

    @Override
    public long write(Value text, RecordConsumer out) {
        ByteBuffer said = Texts.bytes(text);
        said.position(said.position() + PREFIX);
        int length = said.remaining() / DIGITS;
        ByteBuffer bytes = scratch.allocate(length);
        for (int i = 0; i < length; i++) {
            int high = HexFormat.fromHexDigit(said.get());
            bytes.put((byte) (high << 4 | HexFormat.fromHexDigit(said.get())));
        }
        out.addBinary(Binary.fromConstantByteBuffer(bytes.flip()));
        return length;
    }
}
