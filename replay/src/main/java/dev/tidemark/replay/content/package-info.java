/**
 * What is brought back. In: a folded database. Out: the catalog and the rows that a restore or an
 * export shall write.
 */
@NullMarked
package dev.tidemark.replay.content;

import org.jspecify.annotations.NullMarked;
