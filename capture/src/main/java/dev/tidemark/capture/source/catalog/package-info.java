/**
 * What a source's schema is. In: a connection to the source. Out: the whole catalog as of the
 * connection's snapshot, and the SQL function that event triggers read one table with.
 */
@NullMarked
package dev.tidemark.capture.source.catalog;

import org.jspecify.annotations.NullMarked;
