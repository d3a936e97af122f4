package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;

/**
 * A file of a merged segment with what became of a table's rows.
 *
 * @param transactions those of the segment that count, from its first
 */
record LineFile(FileRef file, int transactions) {}
