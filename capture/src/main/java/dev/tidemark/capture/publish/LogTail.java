package dev.tidemark.capture.publish;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.RecordReader;
import dev.tidemark.schemas.log.SessionFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a change log to find out what its last complete transaction is, among the records that
 * count.
 *
 * <p>Which session counts can only be known by reading in order from a place where it is known. The
 * archiver leaves such places: with the offset that it commits for its consumer group it writes
 * down the session in force there. So reading starts where the archiver was last, not at the log's
 * beginning. For one thread.
 */
final class LogTail implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    /** A partition that has records answers in milliseconds; this long without one is an outage. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    /** Records; a tail without one that counts is short, a log without one may be long. */
    private static final long STEP_BACK = 1_000;

    private static final long STEP_GROWTH = 8;

    private final ChangeLogTopic topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RecordReader records;
    private final SessionFilter filter;
    private final long sessionAtStart;
    private long start; // the first offset that was read, or is read first
    private Optional<Position> end = Optional.empty();
    private Optional<Entry.Session> session = Optional.empty();
    private Optional<Entry.Gap> lastGap = Optional.empty();
    private Optional<Instant> lastCommit = Optional.empty();

    private LogTail(
            ChangeLogTopic topic,
            KafkaConsumer<byte[], byte[]> consumer,
            long start,
            long sessionAtStart) {
        this.topic = topic;
        this.consumer = consumer;
        this.start = start;
        this.sessionAtStart = sessionAtStart;
        this.records = new RecordReader(topic.name(), topic.cipher());
        this.filter = new SessionFilter(sessionAtStart);
    }

    static LogTail open(ChangeLogTopic topic) throws InterruptedException {
        long beginning = topic.beginning();
        long next = topic.end();
        // The group may remember a topic of this name that was longer.
        Optional<Announcement> known = topic.announced().filter(at -> at.offset() <= next);
        // one record back, since the last End may be there
        long start = Math.max(beginning, known.map(at -> at.offset() - 1).orElse(beginning));
        long session = known.map(Announcement::session).orElse(Frame.OPENING);
        KafkaConsumer<byte[], byte[]> consumer = consumer(topic);
        consumer.assign(List.of(topic.partition()));
        consumer.seek(topic.partition(), start);
        return new LogTail(topic, consumer, start, session);
    }

    static KafkaConsumer<byte[], byte[]> consumer(ChangeLogTopic topic) {
        Map<String, Object> settings = new HashMap<>(topic.kafka());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                32); // of up to 256 KiB each when unpacked, whatever they take compressed
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 * 1024 * 1024);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 * 1024 * 1024);
        try {
            return new KafkaConsumer<>(
                    settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw topic.unavailable(e);
        }
    }

    /** Reads to the log's present end, and further back when no record there counts. */
    void readToEnd() throws InterruptedException {
        readOpening();
        long until = topic.end();
        readTo(until);
        if (end.isEmpty()) {
            readBack(until);
        }
    }

    /** Whose log it is stands in the record that opened the session in force. */
    private void readOpening() throws InterruptedException {
        if (sessionAtStart < topic.beginning() || sessionAtStart >= start) {
            return; // it comes by itself, or is gone
        }
        consumer.seek(topic.partition(), sessionAtStart);
        readTo(sessionAtStart + 1);
        consumer.seek(topic.partition(), start);
    }

    /**
     * What was read is of ended sessions: looks further back, in growing steps, for the last record
     * that counts. That of the session in force counts, and nothing before it does.
     */
    private void readBack(long until) throws InterruptedException {
        long oldest = Math.max(topic.beginning(), sessionAtStart);
        start = Math.min(start, until);
        for (long step = STEP_BACK; end.isEmpty() && start > oldest; step *= STEP_GROWTH) {
            long known = start;
            start = Math.max(oldest, known - step);
            consumer.seek(topic.partition(), start);
            readTo(known);
        }
        consumer.seek(topic.partition(), until);
    }

    /** Reads all records before an offset. */
    void readTo(long offset) throws InterruptedException {
        TopicPartition partition = topic.partition();
        long silentSince = System.nanoTime();
        try {
            while (consumer.position(partition) < offset) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    silentSince = System.nanoTime();
                    take(record);
                }
                if (System.nanoTime() - silentSince > SILENCE_MAX.toNanos()) {
                    throw topic.unavailable(
                            new IllegalStateException(
                                    "no record for "
                                            + SILENCE_MAX.toSeconds()
                                            + " s at offset "
                                            + consumer.position(partition)));
                }
            }
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw topic.unavailable(e);
        }
    }

    /** The last complete transaction; empty when the log holds no record. */
    Optional<Position> end() {
        return end;
    }

    /** The newest session that was opened since reading began. */
    Optional<Entry.Session> session() {
        return session;
    }

    /** The commit time of the last whole transaction that was read. */
    Optional<Instant> lastCommit() {
        return lastCommit;
    }

    /** The newest gap since reading began. */
    Optional<Entry.Gap> lastGap() {
        return lastGap;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Optional<Frame> read = records.read(record.offset(), record.value());
        if (read.filter(frame -> filter.accepts(record.offset(), frame)).isPresent()) {
            take(read.get());
        }
    }

    private void take(Frame frame) {
        if (frame.entries().getFirst() instanceof Entry.Session opening) {
            session = Optional.of(opening);
        }
        if (frame.entries().getLast() instanceof Entry.Gap gap) {
            end = Optional.of(gap.to()); // perhaps before what there was, on another history
            lastGap = Optional.of(gap);
            return;
        }
        Position said = frame.end();
        if (frame.entries().getLast() instanceof Entry.End last) {
            said = last.position();
            lastCommit = Optional.of(last.commitTime());
        }
        Position reached = said;
        end = Optional.of(end.filter(known -> known.isAfter(reached)).orElse(reached));
    }

    /** The client's unchecked form of an interrupt, as what it is. */
    static InterruptedException interrupted(InterruptException e) {
        Thread.interrupted(); // the exception carries it on
        InterruptedException interrupted = new InterruptedException();
        interrupted.initCause(e);
        return interrupted;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(ChangeLogTopic.CLOSE_MAX));
    }

    /** Where a log that was never written to should be: an error that says so. */
    static TidemarkException empty(ChangeLogTopic topic) {
        return TidemarkException.refused(
                "the change log '" + topic.name() + "' is empty",
                "Run 'tidemark init' first. If it was run, the topic was created anew: 'tidemark base --from-source' takes a"
                        + " new base and records what is lost as a gap.");
    }
}
