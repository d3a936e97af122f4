/**
 * From rows to a base. In: the rows of every table as of one position. Out: one or several files a
 * table, and the manifest that publishes them all at once.
 */
@NullMarked
package dev.tidemark.archiver.base;

import org.jspecify.annotations.NullMarked;
