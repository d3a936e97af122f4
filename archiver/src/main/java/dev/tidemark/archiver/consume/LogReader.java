package dev.tidemark.archiver.consume;

import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.log.Announcement;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A change log as an archiver reads it: one of its readers is given it at a time, and learns in
 * {@link #poll} that it was given or taken. One that is slow may act for a while on a log that is
 * another's already. After an exception it is used no more. For one thread.
 */
public interface LogReader {
    /** Records that came within the time; none while another archiver works. */
    Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration time) throws InterruptedException;

    /**
     * What a record holds.
     *
     * @return empty when it counts for nothing
     * @throws TidemarkException when it cannot be read
     */
    Optional<Frame> frame(ConsumerRecord<byte[], byte[]> record);

    /** Is a record encrypted with a key that is not at hand? */
    boolean isLocked(ConsumerRecord<byte[], byte[]> record);

    /** Is this the archiver that works? */
    boolean isAssigned();

    /** Did it become that since the last call? Then reading waits for {@link #seek}. */
    boolean takeNewlyAssigned();

    /**
     * Reads on from where the archive stands.
     *
     * @throws TidemarkException when the topic is not the one that the archive was reading, or
     *     lacks what comes next
     */
    void seek(LogPoint point) throws InterruptedException;

    /**
     * Is the topic there, and the one that the archive was reading?
     *
     * @throws TidemarkException when it is not
     */
    void checkIsSame(LogPoint point) throws InterruptedException;

    /** Tells others how far the archive is: a capture that opens starts from it. It may be lost. */
    void announce(Announcement said);

    /** What was told last, here or elsewhere; empty when nothing was, or it was lost. */
    Optional<Announcement> announced() throws InterruptedException;
}
