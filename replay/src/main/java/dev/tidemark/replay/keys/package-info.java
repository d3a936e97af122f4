/**
 * Which columns name rows, and rows of which table. In: the statements of a catalog. Out: primary
 * and foreign keys.
 */
@NullMarked
package dev.tidemark.replay.keys;

import org.jspecify.annotations.NullMarked;
