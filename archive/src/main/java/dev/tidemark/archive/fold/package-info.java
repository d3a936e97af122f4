/**
 * From changes to rows. In: a plan's base and journals. Out: the catalog and every table's rows at
 * the cut, each row once, however often it changed.
 */
@NullMarked
package dev.tidemark.archive.fold;

import org.jspecify.annotations.NullMarked;
