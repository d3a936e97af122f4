/**
 * From transactions to one segment. In: whole transactions. Out: a journal, its transactions and,
 * if it changed, the catalog, as local files.
 */
@NullMarked
package dev.tidemark.archiver.segment;

import org.jspecify.annotations.NullMarked;
