package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.dictionary.DictionaryValuesWriter.PlainBinaryDictionaryValuesWriter;
import org.apache.parquet.column.values.factory.DefaultV1ValuesWriterFactory;
import org.apache.parquet.column.values.factory.ValuesWriterFactory;
import org.apache.parquet.column.values.fallback.FallbackValuesWriter;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Parquet's encodings, but for texts: a large one is kept where it is until its page is written.
 */
final class ValuesWriters implements ValuesWriterFactory {
    private static final int SLAB_BYTES_START = 64;

    private final DefaultV1ValuesWriterFactory others = new DefaultV1ValuesWriterFactory();
    private @Nullable ParquetProperties properties;

    @Override
    public void initialize(ParquetProperties given) {
        properties = given;
        others.initialize(given);
    }

    @Override
    @SuppressWarnings("deprecation") // the dictionary that pages of version 1 have
    public ValuesWriter newValuesWriter(ColumnDescriptor column) {
        ParquetProperties settings = properties;
        if (settings == null
                || column.getPrimitiveType().getPrimitiveTypeName() != PrimitiveTypeName.BINARY) {
            return others.newValuesWriter(column);
        }
        Plain plain = new Plain(settings.getPageSizeThreshold(), settings.getAllocator());
        return settings.isDictionaryEnabled(column)
                ? FallbackValuesWriter.of(
                        new PlainBinaryDictionaryValuesWriter(
                                settings.getDictionaryPageSizeThreshold(),
                                Encoding.PLAIN_DICTIONARY,
                                Encoding.PLAIN_DICTIONARY,
                                settings.getAllocator()),
                        plain)
                : plain;
    }

    /**
     * Parquet's plain encoding: each text after its length in four bytes, the lowest first.
     *
     * <p>Small texts are copied into slabs, one for all that come between two large ones.
     */
    private static final class Plain extends ValuesWriter {
        private final int pageBytes;
        private final ByteBufferAllocator allocator;
        private final List<PlainValuesWriter> slabs = new ArrayList<>();
        private final List<BytesInput> before = new ArrayList<>();
        private long bytesBefore;
        private PlainValuesWriter small;

        Plain(int pageBytes, ByteBufferAllocator allocator) {
            this.pageBytes = pageBytes;
            this.allocator = allocator;
            this.small = slab();
        }

        private PlainValuesWriter slab() {
            PlainValuesWriter slab = new PlainValuesWriter(SLAB_BYTES_START, pageBytes, allocator);
            slabs.add(slab);
            return slab;
        }

        @Override
        public void writeBytes(Binary text) {
            if (text.length() < Value.LARGE_BYTES) {
                small.writeBytes(text);
                return;
            }
            bytesBefore += small.getBufferedSize() + Integer.BYTES + text.length();
            before.add(small.getBytes());
            small = slab();
            ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            before.add(BytesInput.from(length.putInt(text.length()).flip()));
            before.add(BytesInput.from(text.toByteBuffer()));
        }

        @Override
        public long getBufferedSize() {
            return bytesBefore + small.getBufferedSize();
        }

        @Override
        public BytesInput getBytes() {
            if (before.isEmpty()) {
                return small.getBytes();
            }
            List<BytesInput> all = new ArrayList<>(before);
            all.add(small.getBytes());
            return BytesInput.concat(all);
        }

        @Override
        public Encoding getEncoding() {
            return Encoding.PLAIN;
        }

        @Override
        public void reset() {
            if (before.isEmpty()) {
                small.reset();
                return;
            }
            close();
            slabs.clear();
            before.clear();
            bytesBefore = 0;
            small = slab();
        }

        @Override
        public void close() {
            slabs.forEach(PlainValuesWriter::close);
        }

        @Override
        public long getAllocatedSize() {
            return slabs.stream().mapToLong(PlainValuesWriter::getAllocatedSize).sum();
        }

        @Override
        public String memUsageString(String prefix) {
            return "%s texts: %d bytes".formatted(prefix, getBufferedSize());
        }
    }
}
