/**
 * The source database to Kafka. In: a prepared source. Out: its change log, in commit order,
 * nothing acknowledged to the source before Kafka has it.
 */
@NullMarked
package dev.tidemark.capture;

import org.jspecify.annotations.NullMarked;
