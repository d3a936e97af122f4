package dev.tidemark.archive.parquet;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    private static byte[] array(BytesInput bytes) throws IOException {
        ByteArrayOutputStream copy = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
        bytes.writeAllTo(copy);
        return copy.toByteArray();
    }

    private static final class Compressor implements BytesInputCompressor {
        private final ZstdCompressCtx context = new ZstdCompressCtx().setLevel(LEVEL);

        @Override
        public BytesInput compress(BytesInput bytes) throws IOException {
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
