package dev.tidemark.capture;

import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.schemas.database.Database;
import java.time.Duration;
import java.util.Optional;

/**
 * What a capture needs to know.
 *
 * @param sourceName the configured name of the source
 * @param topic its change log
 * @param slot its replication slot
 * @param publication its publication
 * @param heartbeat how often a transaction of our own is written into the source
 * @param catalogInterval how often the whole catalog is looked at
 * @param takeoverAfter a slot in use, without a record in the log for so long, is taken from its
 *     user
 * @param rowBytesMax of one change; a larger one ends capture, naming the row
 * @param acknowledgement does the source wait for it?
 * @param walBytesMax when the source keeps more of its log than this, the slot is given up
 */
public record CaptureSettings(
        String sourceName,
        Database source,
        ChangeLogTopic topic,
        String slot,
        String publication,
        Duration heartbeat,
        Duration catalogInterval,
        Duration takeoverAfter,
        long rowBytesMax,
        Acknowledgement acknowledgement,
        Optional<Long> walBytesMax) {}
