/**
 * Files of keys and values that a person wrote. In: their YAML. Out: its tree, or all that is wrong
 * in them at once.
 */
@NullMarked
package dev.tidemark.replay.written;

import org.jspecify.annotations.NullMarked;
