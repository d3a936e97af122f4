package dev.tidemark.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.bytes.BytesInput;
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

    private final Compressor compressor = new Compressor();
    private final Decompressor decompressor = new Decompressor();

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

    private static final int BLOCK_BYTES = 1024 * 1024;

    private static BytesInput compressed(BytesInput page) throws IOException {
        Blocks blocks = new Blocks();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(blocks, LEVEL)) {
            page.writeAllTo(out);
        }
        return BytesInput.from(blocks.all());
    }

    private static void decompress(InputStream from, byte[] page) throws IOException {
        try (ZstdInputStreamNoFinalizer in = new ZstdInputStreamNoFinalizer(from)) {
            if (in.readNBytes(page, 0, page.length) != page.length || in.read() >= 0) {
                throw new IOException("a page of " + page.length + " bytes has another size");
            }
        }
    }

    /** What was written, in blocks: neither copied when it grows nor in one array. */
    private static final class Blocks extends OutputStream {
        private final List<ByteBuffer> full = new ArrayList<>();
        private ByteBuffer last = ByteBuffer.allocate(BLOCK_BYTES);

        @Override
        public void write(int one) {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int size) {
            int at = offset;
            while (at < offset + size) {
                if (!last.hasRemaining()) {
                    full.add(last.flip());
                    last = ByteBuffer.allocate(BLOCK_BYTES);
                }
                int part = Math.min(last.remaining(), offset + size - at);
                last.put(from, at, part);
                at += part;
            }
        }

        List<ByteBuffer> all() {
            full.add(last.flip());
            return full;
        }
    }

    private static byte[] array(BytesInput bytes) throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
        bytes.writeAllTo(copy);
        return copy.toByteArray();
    }

    private static final class Compressor implements BytesInputCompressor {
        private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
            if (bytes.size() >= STREAMED_BYTES) {
                return compressed(bytes);
            }
            return BytesInput.from(context.compress(array(bytes)));
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
            return BytesInput.from(context.decompress(array(bytes), size));
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
