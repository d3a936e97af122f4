/**
 * A moment as a DuckDB file. In: the content of a restore. Out: one file with a typed table for
 * each of the source's. Also the one place where an embedded DuckDB is opened.
 */
@NullMarked
package dev.tidemark.replay.duckdb;

import org.jspecify.annotations.NullMarked;
