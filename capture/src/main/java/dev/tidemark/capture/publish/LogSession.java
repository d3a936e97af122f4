package dev.tidemark.capture.publish;

import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.log.FrameEncoder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The right to write a change log, taken by appending a Session record: from its offset on readers
 * ignore everybody else.
 *
 * @param offset of the Session record: the session's name
 * @param end the last complete transaction before it: where to resume
 */
public record LogSession(
        ChangeLogTopic topic, KafkaProducer<byte[], byte[]> producer, long offset, Position end)
        implements AutoCloseable {
    private static final Duration DELIVERY_MAX =
            Duration.ofSeconds(60); // brokers that restart are back by then
    private static final Duration CLOSE_MAX =
            Duration.ofSeconds(2); // what is not acknowledged by then comes again
    private static final int BUFFER_BYTES =
            96 * 1024 * 1024; // one record of the largest size, and some
    private static final int BATCH_BYTES = 512 * 1024;

    /** Starts a log: its first record says where the source stood. */
    public static LogSession start(ChangeLogTopic topic, Entry.Session session, Position position)
            throws InterruptedException {
        return start(topic, List.of(session), position);
    }

    /**
     * Starts a log anew after a gap, in the same topic or another one: what was captured before
     * says nothing of where to resume.
     */
    public static LogSession startAfter(Entry.Gap gap, ChangeLogTopic topic, Entry.Session session)
            throws InterruptedException {
        return start(topic, List.of(session, gap), gap.to());
    }

    private static LogSession start(ChangeLogTopic topic, List<Entry> entries, Position position)
            throws InterruptedException {
        KafkaProducer<byte[], byte[]> producer = producer(topic, Acknowledgement.ASYNCHRONOUS);
        try {
            return new LogSession(
                    topic, producer, append(topic, producer, entries, position), position);
        } catch (InterruptedException | RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Takes a log over, after all that was written to it before; {@code tail} has read most of it.
     */
    static LogSession open(
            ChangeLogTopic topic,
            LogTail tail,
            Entry.Session session,
            Acknowledgement acknowledgement)
            throws InterruptedException {
        KafkaProducer<byte[], byte[]> producer = producer(topic, acknowledgement);
        try {
            tail.readToEnd();
            Position before = tail.end().orElseThrow(() -> LogTail.empty(topic));
            long offset = append(topic, producer, List.of(session), before);
            tail.readTo(offset); // another may have written in between
            return new LogSession(topic, producer, offset, tail.end().orElse(before));
        } catch (InterruptedException | RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private static long append(
            ChangeLogTopic topic,
            KafkaProducer<byte[], byte[]> producer,
            List<Entry> entries,
            Position end)
            throws InterruptedException {
        byte[] record =
                topic.cipher()
                        .seal(
                                FrameEncoder.encode(new Frame(Frame.OPENING, end, entries)),
                                topic.name(),
                                Frame.OPENING);
        try {
            return producer.send(new ProducerRecord<>(topic.name(), 0, null, record))
                    .get()
                    .offset();
        } catch (InterruptException e) {
            throw LogTail.interrupted(e);
        } catch (ExecutionException e) {
            throw topic.unavailable(e);
        } catch (KafkaException e) {
            throw topic.unavailable(e);
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(
            ChangeLogTopic topic, Acknowledgement acknowledgement) {
        Map<String, Object> settings = new HashMap<>(topic.kafka());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(
                ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                5); // the most that keeps order
        settings.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(DELIVERY_MAX.toMillis()));
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MAX.toMillis());
        settings.put( // under load batches fill by themselves
                ProducerConfig.LINGER_MS_CONFIG, acknowledgement.linger().toMillis());
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, (long) BUFFER_BYTES);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, ChangeLogTopic.RECORD_BYTES_MAX);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        try {
            return new KafkaProducer<>(
                    settings, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw topic.unavailable(e);
        }
    }

    /** Gives up what is not acknowledged yet, and whoever waits to send. Any thread may call it. */
    void abandon() {
        producer.close(Duration.ZERO);
    }

    @Override
    public void close() {
        producer.close(CLOSE_MAX);
    }
}
