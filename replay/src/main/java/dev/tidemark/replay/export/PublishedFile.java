package dev.tidemark.replay.export;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * A file that gets its name when it is whole. Until then it is in a folder beside it, whose name
 * ends with {@code .unfinished} and which only its owner may enter: whatever is written there, be
 * it by a library that makes files of its own, nobody else ever reads. Closing deletes what was not
 * published. A process that is killed leaves the folder. For one thread.
 */
public final class PublishedFile implements AutoCloseable {
    /** What becomes of a file that is there. */
    public enum Existing {
        KEPT,
        /** No option replaces it. */
        KEPT_FOR_EVER,
        REPLACED
    }

    private static final String UNFINISHED = ".unfinished";

    /** File systems take names of 255 bytes. */
    private static final int NAME_BYTES_MAX = 200;

    private static final int NAME_CHARACTERS = 50; // of a longer one; each has 4 bytes at most
    private static final Set<PosixFilePermission> OWNERS_ALONE =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final Set<PosixFilePermission> OWNERS_FOLDER =
            EnumSet.of(
                    PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE,
                    PosixFilePermission.OWNER_EXECUTE);

    private final Path target;
    private final Path folder;
    private final Path path;
    private final Existing existing;

    private PublishedFile(Path target, Path folder, Existing existing) {
        this.target = target;
        this.folder = folder;
        this.path = folder.resolve("file");
        this.existing = existing;
    }

    /**
     * Looks whether it can be written; nothing is there yet.
     *
     * @throws TidemarkException when it is there and shall be kept, is no file, or its folder is
     *     not there or cannot be written
     */
    public static PublishedFile of(Path target, Existing existing) {
        Path absolute = target.toAbsolutePath().normalize();
        Path folder = absolute.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw TidemarkException.refused(
                    "cannot write '%s': there is no such directory".formatted(absolute),
                    "Make the directory, or give another one.");
        }
        if (!Files.isWritable(folder)) {
            throw TidemarkException.refused(
                    "cannot write '%s': the directory cannot be written".formatted(absolute),
                    "Give a directory in which you may make files.");
        }
        if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            checkExisting(absolute, existing);
        }
        String name = beginning(absolute) + "." + UUID.randomUUID() + UNFINISHED;
        return new PublishedFile(absolute, folder.resolve(name), existing);
    }

    /** Of its name, so much that the rest fits behind it. */
    private static String beginning(Path file) {
        String name = String.valueOf(file.getFileName());
        boolean isShort = name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
        return isShort ? name : name.substring(0, Math.min(NAME_CHARACTERS, name.length()));
    }

    private static void checkExisting(Path target, Existing existing) {
        if (!Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
            throw TidemarkException.refused(
                    "'%s' is there and no file".formatted(target), "Give another name.");
        }
        if (existing != Existing.REPLACED) {
            throw isThere(target, existing);
        }
    }

    private static TidemarkException isThere(Path target, Existing existing) {
        return TidemarkException.refused(
                "'%s' is there already".formatted(target),
                existing == Existing.KEPT
                        ? "Give another name, or replace it with --replace --confirm."
                        : "Give another name.");
    }

    /** Where it is to be. */
    public Path target() {
        return target;
    }

    /**
     * Makes the folder that it is written in.
     *
     * @return where it is to be written; nothing is there yet
     */
    public Path create() throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNERS_FOLDER));
        } catch (UnsupportedOperationException e) {
            Files.createDirectory(folder); // the file system has no such rights
        }
        return path;
    }

    /**
     * Gives it its name, once it is on disk.
     *
     * @throws TidemarkException when another file got the name meanwhile
     */
    public void publish() throws IOException {
        keepToOwner();
        force(path, StandardOpenOption.WRITE);
        switch (existing) {
            case REPLACED ->
                    Files.move(
                            path,
                            target,
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
            case KEPT, KEPT_FOR_EVER -> publishAnew();
        }
        force(Objects.requireNonNull(target.getParent()), StandardOpenOption.READ);
    }

    /** A link never takes the place of another file, which a move may. */
    private void publishAnew() throws IOException {
        try {
            Files.createLink(target, path);
        } catch (FileAlreadyExistsException e) {
            throw isThere(target, existing);
        } catch (UnsupportedOperationException | FileSystemException e) {
            move();
        }
    }

    /** Where a file system has no links, such as that of a memory stick. */
    private void move() throws IOException {
        try {
            Files.move(path, target);
        } catch (FileAlreadyExistsException e) {
            throw isThere(target, existing);
        }
    }

    /** It holds a database's rows. */
    private void keepToOwner() throws IOException {
        try {
            Files.setPosixFilePermissions(path, OWNERS_ALONE);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // The file system has no such rights.
        }
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file); // a library may leave others beside it
            }
        } catch (NoSuchFileException e) {
            return; // it was never made, or is deleted already
        }
        Files.deleteIfExists(folder);
    }
}
