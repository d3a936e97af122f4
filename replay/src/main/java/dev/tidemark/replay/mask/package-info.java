/**
 * Rows of people made into rows that may leave production. In: a mask file and what a restore would
 * bring back. Out: the same tables with other values, and a report of what was changed; a column
 * that nobody decided about stops it before anything is written.
 */
@NullMarked
package dev.tidemark.replay.mask;

import org.jspecify.annotations.NullMarked;
