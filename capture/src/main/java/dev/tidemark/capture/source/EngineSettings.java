package dev.tidemark.capture.source;

import dev.tidemark.schemas.database.Database;
import java.time.Duration;

/**
 * What a stream needs to know.
 *
 * @param slot its replication slot, and the name under which the source's synchronous_standby_names
 *     can wait for it
 * @param heartbeat how often a transaction of our own is written into the source
 * @param catalogInterval how often the whole catalog is looked at
 * @param rowBytesMax a row with more than this ends the stream
 * @param poll how long an idle stream is left alone
 */
public record EngineSettings(
        Database source,
        String slot,
        String publication,
        Duration heartbeat,
        Duration catalogInterval,
        long rowBytesMax,
        Duration poll) {}
