/**
 * From entries to the change log. In: a source's transactions in commit order. Out: frames in a
 * Kafka topic, under a session; and up to where they are durable.
 */
@NullMarked
package dev.tidemark.capture.publish;

import org.jspecify.annotations.NullMarked;
