/**
 * What of a moment can still be had when files of an archive are missing or altered. In go the
 * moment and the archive; out comes a plan that reads no such file, and what is not as it was.
 */
@NullMarked
package dev.tidemark.replay.salvage;

import org.jspecify.annotations.NullMarked;
