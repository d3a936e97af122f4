package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a fold works. Safe for use by many threads.
 *
 * @param temporary a folder for files while they are read; the caller deletes it
 * @param memory bytes that all that changed may take before it goes to local disk, nearly
 */
record FoldRoom(Archive archive, Path temporary, long memory) {
    /** A table's lines may take this part of the memory, and some tables are read side by side. */
    private static final int LINES_PART = 4;

    /** What a file takes that is open, about. */
    private static final long OPEN_BYTES = 8L * 1024 * 1024;

    private static final int OPEN_MIN = 4;
    private static final int OPEN_MAX = 64;

    /** All of them lie on local disk meanwhile. */
    private static final long LOCAL_BYTES_MAX = 4L << 30;

    /** A local copy, which the caller deletes. */
    Path local(BaseFile file) throws IOException {
        return switch (file) {
            case BaseFile.Archived archived -> local(archived.file());
            case BaseFile.Local local -> local.file();
        };
    }

    /** The same of a file of the archive. */
    Path local(FileRef file) throws IOException {
        return archive.fetch(file, temporary);
    }

    /** What a table's lines may take while they are read, in bytes. */
    long ofLines() {
        return memory / LINES_PART;
    }

    /** May a table's lines be read of these files at once? */
    boolean mayOpen(List<FileRef> lines) {
        return lines.size() <= Math.clamp(ofLines() / OPEN_BYTES, OPEN_MIN, OPEN_MAX)
                && lines.stream().mapToLong(FileRef::bytes).sum() <= LOCAL_BYTES_MAX;
    }
}
