/**
 * A restored database held against the source at the same position: checksums of tables go in, and
 * of those that differ, the rows that do come out.
 */
@NullMarked
package dev.tidemark.replay.drill;

import org.jspecify.annotations.NullMarked;
