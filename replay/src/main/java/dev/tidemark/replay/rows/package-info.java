/**
 * Chosen rows. In: a condition in SQL, the foreign keys of a catalog, references that no constraint
 * declares, and folded tables. Out: the content of a restore that has the chosen rows only, and all
 * that belongs to them.
 */
@NullMarked
package dev.tidemark.replay.rows;

import org.jspecify.annotations.NullMarked;
