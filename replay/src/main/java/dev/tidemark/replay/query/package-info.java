/**
 * SQL over the archive, by the embedded DuckDB. In: a statement and a moment. Out: its rows, of
 * tables as they were then and of what happened to them. Nothing is written but local files that
 * the caller deletes.
 */
@NullMarked
package dev.tidemark.replay.query;

import org.jspecify.annotations.NullMarked;
