/**
 * Rows of one moment as files that other programs read. In: a folded database. Out: a file for each
 * table, or one with SQL, and a description of them all.
 */
@NullMarked
package dev.tidemark.replay.export;

import org.jspecify.annotations.NullMarked;
