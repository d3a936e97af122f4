package dev.tidemark.capture.publish;

import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * Gets ready to take a log over, without taking it: knows where the log ends, so that the source's
 * stream can be started there.
 *
 * <p>The log may be taken only by who holds the source's stream. The source gives that to one at a
 * time; a session opened without it would shut out the capture that works, whose transactions would
 * be acknowledged and ignored. For one thread at a time.
 */
public final class LogClaim implements AutoCloseable {
    private final ChangeLogTopic topic;
    private final LogTail tail;
    private final Position end;

    private LogClaim(ChangeLogTopic topic, LogTail tail, Position end) {
        this.topic = topic;
        this.tail = tail;
        this.end = end;
    }

    /**
     * Reads the log to its present end.
     *
     * @throws dev.tidemark.schemas.TidemarkException when it was never started, or Kafka is away
     */
    public static LogClaim prepare(ChangeLogTopic topic) throws InterruptedException {
        LogTail tail = LogTail.open(topic);
        try {
            tail.readToEnd();
            return new LogClaim(topic, tail, tail.end().orElseThrow(() -> LogTail.empty(topic)));
        } catch (InterruptedException | RuntimeException e) {
            tail.close();
            throw e;
        }
    }

    /**
     * The last complete transaction so far; the session that is taken may resume later, never
     * earlier.
     */
    public Position end() {
        return end;
    }

    /** The commit time of the last complete transaction, if the end of the log has it. */
    public Optional<Instant> lastCommit() {
        return tail.lastCommit();
    }

    /** The newest gap that the log tells of, after what is archived. */
    public Optional<Entry.Gap> lastGap() {
        return tail.lastGap();
    }

    /**
     * Is the log of the source that is there now?
     *
     * @throws TidemarkException when positions of the two do not compare
     */
    public void checkIsOf(String systemId, int timeline, String database) {
        tail.session()
                .filter(
                        last ->
                                !last.systemId().equals(systemId)
                                        || last.timeline() != timeline
                                        || !last.database().equals(database))
                .ifPresent(
                        last -> {
                            throw TidemarkException.refused(
                                    "the change log '%s' is of database '%s' in system %s on timeline %d, and the source is '%s' in system %s on timeline %d"
                                            .formatted(
                                                    topic.name(),
                                                    last.database(),
                                                    last.systemId(),
                                                    last.timeline(),
                                                    database,
                                                    systemId,
                                                    timeline),
                                    "Positions of the two do not compare. Check source.url. If it is right, as after a failover or an upgrade:"
                                            + " 'tidemark base --from-source' takes a new base and records what is lost as a gap.");
                        });
    }

    /** Takes the log. To be called while the source's stream is held, and once. */
    public LogSession take(Entry.Session session, Acknowledgement acknowledgement)
            throws InterruptedException {
        return LogSession.open(topic, tail, session, acknowledgement);
    }

    @Override
    public void close() {
        tail.close();
    }
}
