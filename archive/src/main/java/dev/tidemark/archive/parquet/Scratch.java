package dev.tidemark.archive.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.parquet.bytes.ByteBufferAllocator;

/**
 * Buffers for Parquet: small ones on the heap, large ones in local files that are mapped and
 * deleted at once. What a large value becomes on its way into a file so takes none of the heap. For
 * one thread.
 */
final class Scratch implements ByteBufferAllocator {
    private static final int LARGE_BYTES = 4 * 1024 * 1024;

    private final Path folder;

    Scratch(Path folder) {
        this.folder = folder;
    }

    @Override
    public ByteBuffer allocate(int size) {
        return size < LARGE_BYTES ? ByteBuffer.allocate(size) : mapped(size);
    }

    /** A file has room only where something was written, so a size may be generous. */
    private ByteBuffer mapped(int size) {
        try {
            Path file = Files.createTempFile(folder, "page", ".part");
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            } finally {
                Files.delete(file); // what is mapped stays until nobody has it
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void release(ByteBuffer buffer) {
        // Both kinds go when nobody has them.
    }

    @Override
    public boolean isDirect() {
        return false;
    }
}
