package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Can a folder hold an archive? Asked once, before anything is promised. */
final class LocalProbe {
    static final String TEMP_FOLDER = ".tmp";

    /**
     * A temporary file may belong to a writer that is at work right now. No write of one file lasts
     * a day, so an older one was left by a crash.
     */
    private static final Duration LEFTOVER_AGE = Duration.ofDays(1);

    private static final String OTHER_FOLDER_HINT =
            "Use a folder on a local ext4 or xfs file system, or S3.";

    private final Path root;
    private final Disk disk;
    private final Clock clock;

    LocalProbe(Path root, Disk disk, Clock clock) {
        this.root = root;
        this.disk = disk;
        this.clock = clock;
    }

    void run() throws IOException {
        Path temp = root.resolve(TEMP_FOLDER);
        createFolders(temp);
        removeLeftovers(temp);
        Path first = temp.resolve("probe-" + UUID.randomUUID());
        Path second = temp.resolve("probe-" + UUID.randomUUID());
        try {
            checkWrite(first);
            checkLink(first, second);
            checkRefusesSecondLink(first, second);
            checkForce(temp);
        } finally {
            Files.deleteIfExists(first);
            Files.deleteIfExists(second);
        }
    }

    private void createFolders(Path temp) {
        try {
            createAndForce(temp);
        } catch (IOException e) {
            throw refusedWrite(e);
        }
    }

    private void createAndForce(Path folder) throws IOException {
        Path parent = folder.getParent();
        if (Files.isDirectory(folder) || parent == null) {
            return;
        }
        createAndForce(parent);
        try {
            disk.createFolder(folder);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw new FileSystemException(folder.toString(), null, "is not a folder");
            }
        }
        if (parent.startsWith(root)) {
            return; // Its sync is checked, and reported, below.
        }
        disk.forceFolder(parent);
    }

    private void removeLeftovers(Path temp) throws IOException {
        Instant oldest = clock.instant().minus(LEFTOVER_AGE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(temp)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    disk.delete(file);
                }
            }
        } catch (NoSuchFileException e) {
            // Another process is cleaning up, or finished its write; the rest is left to it.
            return;
        }
    }

    private void checkWrite(Path file) {
        try {
            disk.write(file, new ByteArrayInputStream("probe".getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw refusedWrite(e);
        }
    }

    private void checkLink(Path file, Path secondName) throws IOException {
        try {
            disk.link(file, secondName);
        } catch (IOException | UnsupportedOperationException e) {
            throw refused("cannot hard link: " + TidemarkException.reason(e), e);
        }
    }

    private void checkRefusesSecondLink(Path file, Path secondName) throws IOException {
        try {
            disk.link(file, secondName);
        } catch (FileAlreadyExistsException e) {
            return;
        }
        throw refused(
                "links to a name that exists",
                new FileAlreadyExistsException(secondName.toString()));
    }

    private void checkForce(Path temp) throws IOException {
        try {
            disk.forceFolder(temp);
            disk.forceFolder(root);
        } catch (IOException e) {
            throw refused("cannot sync a folder: " + TidemarkException.reason(e), e);
        }
    }

    private TidemarkException refused(String fault, Exception cause) throws IOException {
        return TidemarkException.refused(
                "the file system of '%s' (%s) %s"
                        .formatted(root, Files.getFileStore(root).type(), fault),
                OTHER_FOLDER_HINT,
                cause);
    }

    private TidemarkException refusedWrite(IOException cause) {
        String message = "cannot write to archive folder '%s': %s".formatted(root, reason(cause));
        if (SystemDisk.isFull(cause)) {
            return TidemarkException.failed(
                    message, "Free some space or enlarge the file system.", cause);
        }
        return TidemarkException.refused(
                message,
                "Give the user that runs Tidemark the right to write there, or correct"
                        + " 'archive.url'."
                        + FileOwner.hint(root, cause),
                cause);
    }

    /** Java gives this error, the most likely one, no words. */
    private static String reason(IOException cause) {
        return cause instanceof AccessDeniedException
                ? cause.getMessage() + ": permission denied"
                : TidemarkException.reason(cause);
    }
}
