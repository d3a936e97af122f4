package dev.tidemark.archive.merge;

import dev.tidemark.schemas.TidemarkException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A local file for records that are too large for a sort's memory. Those that are too large for the
 * heap are mapped, while they are written and while they are read. For one thread.
 */
final class LargeRecords implements AutoCloseable {
    /** From here on a record is mapped. Of smaller ones there may be too many for that. */
    private static final int MAPPED_BYTES = 8 * 1024 * 1024;

    private final Path file;
    private final FileChannel channel;
    private long end;

    LargeRecords(Path folder) throws IOException {
        file = Files.createTempFile(folder, "large", ".part");
        channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** Adds one, which fills the room that it is given; where it is. */
    long add(int size, Consumer<ByteBuffer> filled) {
        long place = end;
        try {
            if (size >= MAPPED_BYTES) {
                filled.accept(channel.map(FileChannel.MapMode.READ_WRITE, place, size));
            } else {
                ByteBuffer room = ByteBuffer.allocate(size);
                filled.accept(room);
                room.flip();
                while (room.hasRemaining()) {
                    channel.write(room, place + room.position());
                }
            }
        } catch (IOException | InternalError e) { // an InternalError where a mapped disk is full
            throw TidemarkException.failed(
                    "cannot write " + file + ": " + TidemarkException.reason(e),
                    "Look whether the disk of the temporary folder is full.",
                    e);
        }
        end += size;
        return place;
    }

    ByteBuffer read(long place, int size) {
        try {
            return readBack(place, size);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot read back " + file + ": " + TidemarkException.reason(e),
                    "Look at the disk of the temporary folder, and run the command again.",
                    e);
        }
    }

    private ByteBuffer readBack(long place, int size) throws IOException {
        if (size >= MAPPED_BYTES) {
            return channel.map(FileChannel.MapMode.READ_ONLY, place, size);
        }
        ByteBuffer record = ByteBuffer.allocate(size);
        while (record.hasRemaining()) {
            if (channel.read(record, place + record.position()) < 0) {
                throw new EOFException(file + " ends in the midst of a record");
            }
        }
        return record.flip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
