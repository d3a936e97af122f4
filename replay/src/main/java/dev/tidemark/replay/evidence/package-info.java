/**
 * An answer that can be handed on: what was asked, what the archive says, and what proves it. In: a
 * question that was answered, and the archive. Out: one file that others can read, check and print
 * without Tidemark; the same for the same question to the same archive.
 */
@NullMarked
package dev.tidemark.replay.evidence;

import org.jspecify.annotations.NullMarked;
