/**
 * What differs between two moments of the archive, or between one and the source: from two plans to
 * counts, rows and fields, or to a patch that leads from one to the other.
 */
@NullMarked
package dev.tidemark.replay.difference;

import org.jspecify.annotations.NullMarked;
