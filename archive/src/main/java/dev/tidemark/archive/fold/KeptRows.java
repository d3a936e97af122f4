package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.FileRef;
import java.util.BitSet;

/**
 * Rows of a file of the archive that are as they were: all but some.
 *
 * @param gone the places of the others in the file, from 0; never changed
 */
public record KeptRows(FileRef file, BitSet gone) {}
