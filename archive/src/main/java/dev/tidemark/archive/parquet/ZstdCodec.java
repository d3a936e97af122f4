package dev.tidemark.archive.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferAllocator;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Zstandard for Parquet's pages, straight from zstd-jni. Parquet's own factory asks Hadoop's
 * configuration for a codec, which would bring 30 MB of jars for nothing else. For one file, and so
 * for one thread.
 */
final class ZstdCodec implements CompressionCodecFactory {
    private static final int LEVEL =
            3; // higher levels cost CPU time that capture needs on the same machine

    private final Compressor compressor;
    private final Decompressor decompressor = new Decompressor();

    /**
     * A codec.
     *
     * @param room for a large page that is compressed
     */
    ZstdCodec(ByteBufferAllocator room) {
        compressor = new Compressor(room);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        check(codec);
        return compressor;
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        check(codec);
        return decompressor;
    }

    private static void check(CompressionCodecName codec) {
        if (codec != CompressionCodecName.ZSTD) {
            throw new IllegalArgumentException(
                    "the archive's files are compressed with ZSTD, not " + codec);
        }
    }

    @Override
    public void release() {
        compressor.release();
        decompressor.release();
    }

    /** A page of this size is read and written as a stream, so that it is in memory once. */
    private static final int STREAMED_BYTES = 4 * 1024 * 1024;

    /** Zstandard makes nothing longer by more than this part of it, and some bytes. */
    private static final int GROWTH_PART = 200;

    private static BytesInput compressed(BytesInput page, ByteBufferAllocator room)
            throws IOException {
        long bound = page.size() + page.size() / GROWTH_PART + STREAMED_BYTES;
        ByteBuffer whole = room.allocate(Math.toIntExact(bound));
        try (ZstdOutputStreamNoFinalizer out =
                new ZstdOutputStreamNoFinalizer(new Room(whole), LEVEL)) {
            page.writeAllTo(out);
        }
        return BytesInput.from(whole.flip());
    }

    private static void decompress(InputStream from, byte[] page) throws IOException {
        try (ZstdInputStreamNoFinalizer in = new ZstdInputStreamNoFinalizer(from)) {
            if (in.readNBytes(page, 0, page.length) != page.length || in.read() >= 0) {
                throw new IOException("a page of " + page.length + " bytes has another size");
            }
        }
    }

    /** A buffer as a stream. */
    private static final class Room extends OutputStream {
        private final ByteBuffer to;

        Room(ByteBuffer to) {
            this.to = to;
        }

        @Override
        public void write(int one) {
            to.put((byte) one);
        }

        @Override
        public void write(byte[] from, int offset, int size) {
            to.put(from, offset, size);
        }
    }

    /** Without a copy where they are an array already. */
    private static ByteBuffer array(BytesInput bytes) {
        return bytes.toByteBuffer(new HeapByteBufferAllocator(), room -> {});
    }

    private static final class Compressor implements BytesInputCompressor {
        private final ByteBufferAllocator room;

        private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);
        private byte[] result = new byte[0]; // good until the next page

        Compressor(ByteBufferAllocator room) {
            this.room = room;
        }

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            if (bytes.size() >= STREAMED_BYTES) {
                return compressed(bytes, room);
            }
            ByteBuffer page = array(bytes);
            int bound = Math.toIntExact(Zstd.compressBound(page.remaining()));
            if (result.length < bound) {
                result = new byte[bound];
            }
            int size =
                    context.compressByteArray(
                            result,
                            0,
                            bound,
                            page.array(),
                            page.arrayOffset() + page.position(),
                            page.remaining());
            return BytesInput.from(result, 0, size);
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {
            context.close();
        }
    }

    private static final class Decompressor implements BytesInputDecompressor {
        private final ZstdDecompressCtx context = new ZstdDecompressCtx();

        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            if (size >= STREAMED_BYTES) {
                byte[] page = new byte[size];
                ZstdCodec.decompress(bytes.toInputStream(), page);
                return BytesInput.from(page);
            }
            ByteBuffer compressed = array(bytes);
            byte[] page = new byte[size];
            int found =
                    context.decompressByteArray(
                            page,
                            0,
                            size,
                            compressed.array(),
                            compressed.arrayOffset() + compressed.position(),
                            compressed.remaining());
            if (found != size) {
                throw new IOException("a page of %d bytes has %d".formatted(size, found));
            }
            return BytesInput.from(page);
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int size)
                throws IOException {
            byte[] compressed = new byte[compressedSize];
            input.get(compressed);
            output.put(context.decompress(compressed, size));
        }

        @Override
        public void release() {
            context.close();
        }
    }
}
