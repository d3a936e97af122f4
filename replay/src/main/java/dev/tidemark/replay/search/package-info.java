/**
 * From a question to the changes that answer it, of all tables or one, within a window. In goes an
 * archive; out come counts, bursts of transactions, and the newest changes with their fields.
 */
@NullMarked
package dev.tidemark.replay.search;

import org.jspecify.annotations.NullMarked;
