/**
 * How results are shown. In: records, rows, counts. Out: aligned text, JSON, and progress on
 * stderr.
 */
@NullMarked
package dev.tidemark.cli.output;

import org.jspecify.annotations.NullMarked;
