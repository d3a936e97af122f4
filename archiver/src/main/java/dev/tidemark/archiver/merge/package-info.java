/**
 * Makes few large files of many small ones: which segments belong together, and their publication.
 * In: segments of the archive. Out: merged segments in the archive.
 */
@NullMarked
package dev.tidemark.archiver.merge;

import org.jspecify.annotations.NullMarked;
