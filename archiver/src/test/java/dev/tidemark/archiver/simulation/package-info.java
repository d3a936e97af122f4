/**
 * The whole of the archiver, stepped operation by operation by one random number generator, over a
 * store, a log, captures and a source that are made up. In: a seed. Out: nothing, or what was lost,
 * doubled or altered.
 */
@NullMarked
package dev.tidemark.archiver.simulation;

import org.jspecify.annotations.NullMarked;
