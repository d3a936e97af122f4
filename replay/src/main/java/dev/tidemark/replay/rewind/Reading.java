package dev.tidemark.replay.rewind;

import dev.tidemark.archive.manifest.Archive;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * Where a move reads what it needs of the archive.
 *
 * @param temporary a folder for files while they are read
 * @param progress hears how many changes were read, again and again
 */
record Reading(Archive archive, Path temporary, LongConsumer progress) {}
