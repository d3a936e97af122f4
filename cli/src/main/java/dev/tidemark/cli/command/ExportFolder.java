package dev.tidemark.cli.command;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The folder of an export, made when it is not there. Unless it is to be kept, closing removes what
 * was made, where nobody wrote into it. For one thread.
 */
final class ExportFolder implements AutoCloseable {
    private static final String STORES_WORK = ".tmp";

    private final Path folder;
    private final Deque<Path> made; // the innermost first
    private final boolean isStores; // the folder of its own work, which was not there before
    private boolean isKept;

    private ExportFolder(Path folder, Deque<Path> made) {
        this.folder = folder;
        this.made = made;
        this.isStores = Files.notExists(folder.resolve(STORES_WORK), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Makes it, and those that it is in.
     *
     * @throws TidemarkException when there is something else of that name
     */
    static ExportFolder make(Path folder) throws IOException {
        Deque<Path> missing = new ArrayDeque<>();
        Path there = folder;
        while (there != null && Files.notExists(there)) {
            missing.addLast(there);
            there = there.getParent();
        }
        try {
            Files.createDirectories(folder);
            return new ExportFolder(folder, missing);
        } catch (FileAlreadyExistsException e) {
            throw TidemarkException.refused(
                    "'%s' is no directory".formatted(folder), "Give an empty or new one.", e);
        }
    }

    /** The export is in it. */
    void keep() {
        isKept = true;
    }

    @Override
    public void close() throws IOException {
        try {
            if (isStores) {
                Files.deleteIfExists(folder.resolve(STORES_WORK));
            }
            if (!isKept) {
                for (Path one : made) {
                    Files.deleteIfExists(one);
                }
            }
        } catch (DirectoryNotEmptyException e) {
            // Somebody else writes there; it is his.
        }
    }
}
