/**
 * Where objects rest. In: names and bytes. Out: the same bytes, for ever; a name is created once or
 * not at all.
 */
@NullMarked
package dev.tidemark.archive.store;

import org.jspecify.annotations.NullMarked;
