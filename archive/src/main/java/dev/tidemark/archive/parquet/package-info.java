/**
 * How the archive's files are encoded. In: changes, transactions and rows. Out: Parquet files that
 * any reader can read by docs/format.md, and back.
 */
@NullMarked
package dev.tidemark.archive.parquet;

import org.jspecify.annotations.NullMarked;
