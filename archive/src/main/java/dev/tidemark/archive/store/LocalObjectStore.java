package dev.tidemark.archive.store;

import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Objects as files of one folder of the local file system.
 *
 * <p>A new object is written under {@code .tmp/} of the same folder, synced, linked to its name
 * (POSIX creates a link only where there is nothing, in one step) and its folders are synced. So a
 * name is bound to the whole content or to nothing, whatever fails; what a crash leaves is a file
 * in {@code .tmp/}. Safe for many threads and many processes of one machine.
 *
 * <p>Names that differ only in case need a file system that keeps them apart.
 */
public final class LocalObjectStore implements ObjectStore {
    /**
     * Each try that finds its folder gone was overtaken by a delete of the folder's last object.
     */
    private static final int LINK_TRIES_MAX = 10;

    private final Path root;
    private final Disk disk;
    private final LocalProbe probe;

    /**
     * @param root an absolute path; {@link #probe} creates the folder where it is missing
     */
    public LocalObjectStore(Path root) {
        this(root, new SystemDisk(), Clock.systemUTC());
    }

    LocalObjectStore(Path root, Disk disk, Clock clock) {
        if (!root.isAbsolute()) {
            throw new IllegalArgumentException("not an absolute path: " + root);
        }
        this.root = root.normalize();
        this.disk = disk;
        this.probe = new LocalProbe(this.root, disk, clock);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        return create(name, new ByteArrayInputStream(content), content.length);
    }

    @Override
    public void put(String name, Path file) throws IOException {
        ObjectNames.checked(name);
        try (InputStream content = Files.newInputStream(file)) {
            if (!create(name, content, Files.size(file))) {
                throw new FileAlreadyExistsException(name);
            }
        }
    }

    @Override
    public byte[] get(String name) throws IOException {
        Path file = existing(name);
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw missing(name, e);
        }
    }

    @Override
    public void download(String name, Path file) throws IOException {
        Path source = existing(name);
        try {
            Files.copy(source, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            throw Files.exists(source) ? e : missing(name, e);
        }
    }

    @Override
    public Optional<Path> inPlace(String name) throws IOException {
        return Optional.of(path(name)).filter(Files::isRegularFile);
    }

    @Override
    public long size(String name) throws IOException {
        return Files.size(existing(name));
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        var listing =
                new LocalListing(
                        root,
                        ObjectNames.checkedPrefix(prefix),
                        ObjectNames.checkedAfter(after),
                        ObjectNames.checkedNamesMax(namesMax));
        checkRoot();
        return listing.names();
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = path(name);
        if (Files.isDirectory(file)) {
            return;
        }
        try {
            disk.delete(file);
        } catch (NoSuchFileException e) {
            checkRoot();
            return;
        }
        deleteEmptyFolders(name);
    }

    @Override
    public void probe() throws IOException {
        probe.run();
    }

    @Override
    public String url() {
        return "file://" + root;
    }

    @Override
    public void close() {}

    private boolean create(String name, InputStream content, long size) throws IOException {
        ObjectNames.checked(name);
        checkRoot();
        try {
            boolean created;
            try (var temp = new TempFile(tempFile())) {
                disk.write(temp.path(), content);
                created = link(temp.path(), name);
            }
            // Also when the name was taken: its creator may have died before it synced the folder,
            // and the caller is going to rely on the object.
            forceFolders(name);
            return created;
        } catch (IOException e) {
            throw explained(name, size, e);
        }
    }

    /** Did the name become this file's? */
    private boolean link(Path temp, String name) throws IOException {
        Path target = path(name);
        for (int triesLeft = LINK_TRIES_MAX; ; triesLeft--) {
            createFolders(name);
            try {
                disk.link(temp, target);
                return true;
            } catch (NoSuchFileException e) {
                if (triesLeft == 1) {
                    throw e;
                }
            } catch (FileAlreadyExistsException e) {
                if (Files.isDirectory(target)) {
                    throw new FileSystemException(
                            target.toString(), null, "is the folder of other objects");
                }
                // A network file system may repeat a link whose answer was lost.
                return Files.exists(target) && Files.isSameFile(temp, target);
            }
        }
    }

    private void createFolders(String name) throws IOException {
        for (Path folder : folders(name)) {
            if (Files.isDirectory(folder)) {
                continue;
            }
            try {
                disk.createFolder(folder);
            } catch (FileAlreadyExistsException e) {
                if (Files.isRegularFile(folder)) {
                    throw new FileSystemException(
                            folder.toString(), null, "is an object, and cannot be a folder too");
                }
            }
        }
    }

    /**
     * Every folder up to the root, since one that was there already may be another writer's and not
     * synced yet. Syncing an unchanged folder costs next to nothing.
     */
    private void forceFolders(String name) throws IOException {
        for (Path folder : folders(name).reversed()) {
            disk.forceFolder(folder);
        }
        disk.forceFolder(root);
    }

    private void deleteEmptyFolders(String name) throws IOException {
        for (Path folder : folders(name).reversed()) {
            try {
                disk.delete(folder);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                return;
            }
        }
    }

    private Path tempFile() throws IOException {
        String name = LocalProbe.TEMP_FOLDER + "/" + UUID.randomUUID();
        createFolders(name);
        return root.resolve(name);
    }

    /** The folders of a name below the root, the highest first. */
    private List<Path> folders(String name) {
        List<Path> folders = new ArrayList<>();
        for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
            folders.add(root.resolve(name.substring(0, end)));
        }
        return folders;
    }

    private Path path(String name) {
        return root.resolve(ObjectNames.checked(name));
    }

    /** A file that cannot be looked at is no missing file: only the system's own answer counts. */
    private Path existing(String name) throws IOException {
        Path file = path(name);
        try {
            if (Files.readAttributes(file, BasicFileAttributes.class).isDirectory()) {
                throw new NoSuchFileException(name);
            }
            return file;
        } catch (NoSuchFileException e) {
            throw missing(name, e);
        }
    }

    private NoSuchFileException missing(String name, NoSuchFileException cause) {
        checkRoot();
        var missing = new NoSuchFileException(name);
        missing.initCause(cause);
        return missing;
    }

    /** An unmounted disk must not look like an empty archive. */
    private void checkRoot() {
        if (!Files.isDirectory(root)) {
            throw TidemarkException.failed(
                    "archive folder '" + root + "' does not exist",
                    "Mount the file system that it is on; for a new archive, create it.");
        }
    }

    private IOException explained(String name, long size, IOException error) {
        long free = bytesFree(error);
        if (SystemDisk.isFull(error) || free < size) {
            throw TidemarkException.failed(
                    "no space in '%s' for '%s' of %d bytes: %d bytes free"
                            .formatted(root, name, size, free),
                    "Free some space or enlarge the file system; nothing is lost, and the write"
                            + " can be repeated.",
                    error);
        }
        return error;
    }

    private long bytesFree(IOException error) {
        try {
            return Files.getFileStore(root).getUsableSpace();
        } catch (IOException e) {
            error.addSuppressed(e);
            return Long.MAX_VALUE;
        }
    }

    private final class TempFile implements AutoCloseable {
        private final Path path;

        TempFile(Path path) {
            this.path = path;
        }

        Path path() {
            return path;
        }

        @Override
        public void close() throws IOException {
            if (Files.exists(path)) {
                disk.delete(path);
            }
        }
    }
}
