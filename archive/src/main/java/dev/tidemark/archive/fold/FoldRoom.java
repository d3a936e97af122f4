package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Where a fold works. Safe for use by many threads. */
final class FoldRoom {
    /** The lines of all tables may take this part of the memory, and their open files as much. */
    private static final int LINES_PART = 2;

    /** How many tables are read side by side where somebody is in a hurry. */
    private static final int JOBS = Runtime.getRuntime().availableProcessors();

    /** What a file takes that is open, about. */
    private static final long OPEN_BYTES = 8L * 1024 * 1024;

    private static final int OPEN_MIN = 4;
    private static final int OPEN_MAX = 64;

    /** All of them lie on local disk meanwhile, those of all tables that are read. */
    private static final long LOCAL_BYTES_MAX = 8L << 30;

    private final Archive archive;
    private final Path temporary;
    private final long memory;
    private final WantedRows wanted;
    private final AtomicInteger reading = new AtomicInteger();

    /**
     * @param temporary a folder for files while they are read; the caller deletes it
     * @param memory bytes that all that changed may take before it goes to local disk, nearly
     */
    FoldRoom(Archive archive, Path temporary, long memory) {
        this(archive, temporary, memory, WantedRows.ALL);
    }

    /**
     * The same of some rows.
     *
     * @param wanted those that are read
     */
    FoldRoom(Archive archive, Path temporary, long memory, WantedRows wanted) {
        this.archive = archive;
        this.temporary = temporary;
        this.memory = memory;
        this.wanted = wanted;
    }

    /** The rows of a table that are read; empty for all. */
    Optional<KeyedRows> wanted(long table) {
        return wanted.of(table);
    }

    Path temporary() {
        return temporary;
    }

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

    /** A table's lines are read from here on. */
    void begin() {
        reading.incrementAndGet();
    }

    /** They are read. */
    void end() {
        reading.decrementAndGet();
    }

    /** What a table's lines may take while they are read, as things are, in bytes. */
    long ofLines() {
        return memory / LINES_PART / Math.max(1, reading.get());
    }

    /** May a table's lines be read of these files at once? */
    boolean mayOpen(List<FileRef> lines) {
        long files = memory / LINES_PART / OPEN_BYTES / JOBS;
        long bytes = Math.min(LOCAL_BYTES_MAX, archive.localBytesMax() / LINES_PART) / JOBS;
        return lines.size() <= Math.clamp(files, OPEN_MIN, OPEN_MAX)
                && lines.stream().mapToLong(FileRef::bytes).sum() <= bytes;
    }
}
