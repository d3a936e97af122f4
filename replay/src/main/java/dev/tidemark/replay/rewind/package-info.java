/**
 * How a restored database moves along the time axis. In: its record of where it is, the changes
 * between there and another moment, the database. Out: the same database at the other moment, by
 * one transaction that changes only the rows that differ.
 */
@NullMarked
package dev.tidemark.replay.rewind;

import org.jspecify.annotations.NullMarked;
