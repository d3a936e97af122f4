package dev.tidemark.replay.difference;

import dev.tidemark.archive.manifest.Archive;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Where what is compared is read.
 *
 * @param temporary a folder for files while they are read
 * @param memory bytes that changes and rows may take, nearly
 * @param progress hears how many changes were read, again and again
 */
record Reading(Archive archive, Path temporary, long memory, LongConsumer progress) {
    /** Of the changes between two moments, and of what is folded to each of these. */
    private static final int SHARES = 3;

    /** The same with files elsewhere. */
    Reading in(Path folder) {
        return new Reading(archive, folder, memory, progress);
    }

    long share() {
        return memory / SHARES;
    }
}
