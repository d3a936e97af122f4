/**
 * Kafka to the archive. In: the change log. Out: segments in the archive, one after the other, each
 * change once.
 */
@NullMarked
package dev.tidemark.archiver;

import org.jspecify.annotations.NullMarked;
