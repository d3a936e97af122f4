/**
 * What happened to a row, and in a transaction. In: the archive. Out: answers, without a database.
 */
@NullMarked
package dev.tidemark.replay.history;

import org.jspecify.annotations.NullMarked;
