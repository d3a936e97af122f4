/**
 * Merged segments: changes of rows by table and key, and the way back to commit order. Knows
 * neither restores nor who publishes.
 */
@NullMarked
package dev.tidemark.archive.merge;

import org.jspecify.annotations.NullMarked;
