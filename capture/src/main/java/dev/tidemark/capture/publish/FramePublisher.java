package dev.tidemark.capture.publish;

import dev.tidemark.capture.source.ChangeSink;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.log.FrameEncoder;
import dev.tidemark.schemas.log.Pieces;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a source's transactions to the change log, under one session.
 *
 * <p>Small transactions are one record; large ones are several. A failed send ends the session, and
 * nothing that comes after it in the producer is written: the log has what was sent up to some
 * record, without a hole, and the next session resumes there.
 */
public final class FramePublisher implements ChangeSink {
    /**
     * A record of this size is sent on; it keeps a record well under Kafka's default request size.
     */
    private static final int FRAME_BYTES = 256 * 1024;

    /**
     * What Kafka did not acknowledge yet is kept in memory, uncompressed at worst; a broker that is
     * up acknowledges more than this in a second.
     */
    private static final int UNACKNOWLEDGED_BYTES_MAX = 32 * 1024 * 1024;

    private final LogSession session;
    private final CaptureProgress progress;
    private final Duration pauseMax;
    private final Clock clock;
    private final FrameEncoder encoder = new FrameEncoder();
    private Position end;
    private long changes;
    private long entries; // more than changes, when some came in pieces
    private boolean changesSchema;

    /**
     * Of the record that is sent next: a log with one writer has no record of others in between.
     */
    private long nextOffset;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private volatile Position durable; // written under the lock
    private long unacknowledgedBytes;
    private @Nullable TidemarkException failure;
    private volatile boolean failed;
    private final AtomicBoolean givenUp = new AtomicBoolean();
    private volatile Instant lastAlive;

    /**
     * Writes under a session.
     *
     * @param takeoverAfter what another capture waits before it takes over. A process that stood
     *     still for nearly that long may have been replaced, and must look again before it writes
     */
    public FramePublisher(
            LogSession session, CaptureProgress progress, Duration takeoverAfter, Clock clock) {
        this.session = session;
        this.pauseMax = takeoverAfter.multipliedBy(2).dividedBy(3);
        this.progress = progress;
        this.clock = clock;
        this.end = session.end();
        this.nextOffset = session.offset() + 1;
        this.durable = session.end();
        this.lastAlive = clock.instant();
        progress.heard(lastAlive);
    }

    @Override
    public Position resume() {
        return session.end();
    }

    @Override
    public void begin(long xid, Instant commitTime) throws InterruptedException {
        changes = 0;
        entries = 0;
        changesSchema = false;
        encoder.add(new Entry.Begin(end, xid, commitTime));
    }

    @Override
    public void add(Entry entry) throws InterruptedException {
        if (entry instanceof Entry.Row row) {
            for (Pieces pieces = new Pieces(row); pieces.hasNext(); ) {
                put(pieces.next());
            }
        } else {
            put(entry);
        }
        changes++;
        changesSchema |= entry instanceof Entry.Schema;
    }

    private void put(Entry entry) throws InterruptedException {
        encoder.add(entry);
        entries++;
        if (encoder.size() >= FRAME_BYTES) {
            send(Optional.empty());
        }
    }

    @Override
    public void end(Position position, Instant commitTime) throws InterruptedException {
        Entry.End whole = new Entry.End(position, commitTime, entries);
        encoder.add(whole);
        send(Optional.of(whole));
        end = position;
        progress.captured(position, commitTime, changes);
        if (changesSchema) {
            progress.schemaChanged(position);
        }
    }

    @Override
    public Position durable() {
        return durable;
    }

    @Override
    public void awaitDurable(Position position) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (durable.isBefore(position)) {
                if (failure != null) {
                    throw failure;
                }
                moved.await();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void abandon() {
        fail(
                TidemarkException.failed(
                        "capture stops with transactions that Kafka did not acknowledge",
                        "Nothing is lost: the source sends them again."));
        session.abandon();
    }

    /** Called a few times a second, so that a pause of the process shows whoever wakes first. */
    public void alive() {
        Duration pause = Duration.between(lastAlive, clock.instant());
        if (pause.compareTo(pauseMax) > 0) {
            fail(
                    TidemarkException.failed(
                            "capture stood still for "
                                    + pause.toSeconds()
                                    + " s and may have been replaced",
                            "It opens a new session, or stands by when another capture works."));
        }
        lastAlive = clock.instant();
    }

    private void send(Optional<Entry.End> whole) throws InterruptedException {
        alive();
        checkNotFailed();
        long offset = nextOffset++;
        byte[] record =
                session.topic()
                        .cipher()
                        .seal(
                                encoder.finish(session.offset(), end),
                                session.topic().name(),
                                offset);
        awaitRoom(record.length);
        try {
            var unused =
                    session.producer()
                            .send(
                                    new ProducerRecord<>(session.topic().name(), 0, null, record),
                                    (sent, error) -> {
                                        if (isWritten(offset, sent, error)) {
                                            acknowledged(whole, record.length);
                                        }
                                    });
            progress.sent(record.length);
        } catch (InterruptException e) {
            throw LogTail.interrupted(e);
        } catch (KafkaException | IllegalStateException e) { // the latter once it is closed
            fail(session.topic().unavailable(e));
            checkNotFailed();
        }
    }

    /** A record that is larger than the limit goes alone. */
    private void awaitRoom(int bytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (unacknowledgedBytes > 0
                    && unacknowledgedBytes + bytes > UNACKNOWLEDGED_BYTES_MAX) {
                if (failure != null) {
                    throw failure;
                }
                moved.await();
            }
            unacknowledgedBytes += bytes;
        } finally {
            lock.unlock();
        }
    }

    private void checkNotFailed() {
        if (failed) {
            lock.lock();
            try {
                if (failure != null) {
                    throw failure;
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Is a record in its place? If not, the session ends here.
     *
     * <p>The producer would go on with what it holds after a record that failed, and Kafka would
     * take it: a log with a hole, behind which the next session would resume. So it is closed
     * before this returns, and hands nothing out any more. What is on its way to the broker by then
     * is refused there, since its sequence number does not follow. See docs/decisions/0019.
     */
    private boolean isWritten(long offset, RecordMetadata sent, @Nullable Exception error) {
        if (error == null && sent.offset() == offset) {
            return true;
        }
        try {
            fail(error == null ? notNext(sent.offset(), offset) : notSent(error));
        } finally {
            if (!givenUp.getAndSet(true)) { // each record behind this one comes here too
                session.abandon();
            }
        }
        return false;
    }

    /**
     * Kafka calls back in the order of sending, so an end that is acknowledged has all before it
     * acknowledged too.
     */
    private void acknowledged(Optional<Entry.End> whole, int bytes) {
        progress.heard(clock.instant());
        lock.lock();
        try {
            unacknowledgedBytes -= bytes;
            if (whole.isPresent() && failure == null) {
                durable = whole.get().position();
                progress.acknowledged(durable, whole.get().commitTime(), clock.instant());
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private TidemarkException notSent(Exception error) {
        return error instanceof RecordTooLargeException
                ? tooLarge(error)
                : session.topic().unavailable(error);
    }

    private TidemarkException notNext(long offset, long expected) {
        String topic = session.topic().name();
        String hint =
                "What follows may not count, so nothing more is acknowledged; a new session is opened.";
        return offset > expected
                ? TidemarkException.failed(
                        "another capture wrote record %d of topic '%s'".formatted(expected, topic),
                        hint)
                : TidemarkException.failed(
                        "the topic '%s' was created anew, or lost records that it had acknowledged: it gave the number %d instead of %d"
                                .formatted(topic, offset, expected),
                        hint);
    }

    private TidemarkException tooLarge(Exception error) {
        return TidemarkException.refused(
                "what a schema command or a message says is too large for the change log: "
                        + TidemarkException.reason(error),
                "The limit is %d bytes a record; only rows come in as many as they need."
                        .formatted(ChangeLogTopic.RECORD_BYTES_MAX),
                error);
    }

    private void fail(TidemarkException error) {
        lock.lock();
        try {
            if (failure == null) {
                failure = error;
                failed = true;
            }
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
