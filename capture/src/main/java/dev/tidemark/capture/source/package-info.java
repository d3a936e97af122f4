/**
 * From the source's log to entries; the only place that sees Debezium. In: the replication stream
 * of one slot. Out: calls of a {@link ChangeSink}, in commit order; and the acknowledgement to the
 * source, once the sink says that it is durable.
 */
@NullMarked
package dev.tidemark.capture.source;

import org.jspecify.annotations.NullMarked;
