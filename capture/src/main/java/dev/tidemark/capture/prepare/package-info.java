/**
 * Preparing a source, and taking that back. In: an administrator's session. Out: what capture needs
 * in the source, the rows of a first base, or a source without a trace of Tidemark.
 */
@NullMarked
package dev.tidemark.capture.prepare;

import org.jspecify.annotations.NullMarked;
