package dev.tidemark.archive.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The operating system's file system. */
final class SystemDisk implements Disk {
    @Override
    public void write(Path file, InputStream content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = Channels.newOutputStream(channel);
            content.transferTo(out);
            out.flush();
            channel.force(true);
        }
    }

    @Override
    public void link(Path file, Path secondName) throws IOException {
        Files.createLink(secondName, file);
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        // POSIX lets a folder be opened for reading and synced; Windows does not.
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.delete(file);
    }

    /** By the C library's words, as Java offers no code; on other languages' systems it is no. */
    static boolean isFull(IOException error) {
        String message = String.valueOf(error.getMessage());
        return message.contains("No space left on device")
                || message.contains("Disk quota exceeded");
    }
}
