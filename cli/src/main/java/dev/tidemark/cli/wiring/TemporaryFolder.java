package dev.tidemark.cli.wiring;

import dev.tidemark.archive.store.FileOwner;
import dev.tidemark.cli.embedded.FileTrees;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that only this user can read, and that is gone when it is closed.
 *
 * <p>A process that is killed leaves its folder. Therefore each has a file {@code <folder>.lock}
 * beside it that its process holds locked, and whoever makes a folder deletes those of the same
 * user that nobody holds any more.
 */
public final class TemporaryFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TemporaryFolder.class);
    private static final String PREFIX = "tidemark-";
    private static final String LOCK = ".lock";

    private static final Set<StandardOpenOption> NEW =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final FileAttribute<?> OWNERS = rights("rw-------");
    private static final FileAttribute<?> OWNERS_FOLDER = rights("rwx------");

    /** To open and close a file that this process has locked would unlock it. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private TemporaryFolder(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    // One at a time: two in one process may not lock one file.
    static synchronized TemporaryFolder create(Path parent, String purpose) {
        try {
            Files.createDirectories(parent);
            TemporaryFolder folder = lockedFolder(parent, purpose);
            deleteAbandoned(parent, Files.getOwner(folder.path));
            return folder;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot create a temporary folder in "
                            + parent
                            + ": "
                            + TidemarkException.reason(e, parent),
                    "Set temporary-directory to a folder that can be written and has room."
                            + FileOwner.hint(parent, e),
                    e);
        }
    }

    private static TemporaryFolder lockedFolder(Path parent, String purpose) throws IOException {
        while (true) {
            Path lockFile = parent.resolve(PREFIX + purpose + "-" + UUID.randomUUID() + LOCK);
            FileChannel lock = FileChannel.open(lockFile, NEW, OWNERS);
            // Somebody who cleans up may have come in between: then the name is given up.
            HELD.add(lockFile);
            boolean isMade = false;
            try {
                if (lock.tryLock() != null && Files.exists(lockFile)) {
                    Path path = Files.createDirectory(folderOf(lockFile), OWNERS_FOLDER);
                    isMade = true;
                    return new TemporaryFolder(path, lockFile, lock);
                }
            } finally {
                if (!isMade) {
                    lock.close();
                    HELD.remove(lockFile);
                }
            }
        }
    }

    private static FileAttribute<?> rights(String rights) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
    }

    private static Path folderOf(Path lockFile) {
        String name = lockFile.getFileName().toString();
        return lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
    }

    private static void deleteAbandoned(Path parent, UserPrincipal user) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK)) {
            for (Path other : others) {
                if (!HELD.contains(other)) {
                    deleteIfAbandoned(other, user);
                }
            }
        }
    }

    private static void deleteIfAbandoned(Path lockFile, UserPrincipal user) {
        try {
            if (!Files.isRegularFile(lockFile, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getOwner(lockFile, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                return;
            }
            try (FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
                if (lock.tryLock() != null) {
                    FileTrees.delete(folderOf(lockFile));
                    Files.deleteIfExists(lockFile);
                }
            }
        } catch (IOException e) {
            // It went away meanwhile, or cannot be deleted: it is no concern of this folder's work.
            log.debug("cannot clean up {}", lockFile, e);
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            FileTrees.delete(path);
            Files.deleteIfExists(lockFile);
            lock.close();
            HELD.remove(lockFile);
        } catch (IOException e) {
            log.warn("cannot delete the temporary folder {}", path, e);
        }
    }
}
