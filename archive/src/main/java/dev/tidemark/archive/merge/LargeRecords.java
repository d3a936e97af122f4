package dev.tidemark.archive.merge;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A local file for records that are too large for the heap: each is a mapped part of it. For one
 * thread.
 */
final class LargeRecords implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private long end;

    LargeRecords(Path folder) throws IOException {
        file = Files.createTempFile(folder, "large", ".part");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Where the next one begins. */
    long end() {
        return end;
    }

    /** Room for one, to be filled at once. */
    ByteBuffer add(int size) throws IOException {
        try {
            ByteBuffer room = channel.map(FileChannel.MapMode.READ_WRITE, end, size);
            end += size;
            return room;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write " + file + ": " + TidemarkException.reason(e),
                    "Look whether the disk of the temporary folder is full.",
                    e);
        }
    }

    ByteBuffer read(long at, int size) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, at, size);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
