/**
 * From the change log to whole transactions. In: records of a Kafka topic. Out: the source's
 * transactions, each once, in commit order; a hole stops everything.
 */
@NullMarked
package dev.tidemark.archiver.consume;

import org.jspecify.annotations.NullMarked;
