/** Is the archive whole? In: the archive. Out: what is missing, altered or does not follow. */
@NullMarked
package dev.tidemark.replay.verify;

import org.jspecify.annotations.NullMarked;
