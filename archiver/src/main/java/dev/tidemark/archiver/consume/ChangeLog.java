package dev.tidemark.archiver.consume;

import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.RecordCipher;
import dev.tidemark.schemas.log.RecordReader;
import dev.tidemark.schemas.log.Unreachable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source's topic, read by at most one archiver of its consumer group. Where to read comes from
 * the archive, never from the group; the group's offsets only tell others how far the archive is.
 * For one thread.
 */
public final class ChangeLog implements LogReader, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChangeLog.class);
    private static final Duration ANSWER_MAX =
            Duration.ofSeconds(20); // a broker that is up answers in milliseconds

    /** The client's own error after that time says more than that the time is over. */
    private static final Duration WAIT_MAX = ANSWER_MAX.plusSeconds(1);

    /** A client that is closed waits for its open calls, by default until they time out. */
    private static final Duration ADMIN_CLOSE_MAX = Duration.ofSeconds(1);

    /** Leaving the group is quick, and lets the next archiver start at once. */
    private static final Duration LEAVE_MAX = Duration.ofSeconds(3);

    private final String topic;
    private final Map<String, String> kafka;
    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RecordReader records;
    private boolean assigned;
    private boolean newlyAssigned;
    private boolean closing;

    private ChangeLog(
            String topic,
            Map<String, String> kafka,
            RecordCipher cipher,
            KafkaConsumer<byte[], byte[]> consumer) {
        this.topic = topic;
        this.kafka = kafka;
        this.partition = new TopicPartition(topic, 0);
        this.consumer = consumer;
        this.records = new RecordReader(topic, cipher);
    }

    /**
     * Joins the topic's group.
     *
     * @param kafka client properties, at least {@code bootstrap.servers}
     * @param cipher of the topic's records
     */
    public static ChangeLog join(String topic, Map<String, String> kafka, RecordCipher cipher) {
        ChangeLog joined =
                open(topic, kafka, cipher, Map.of(ConsumerConfig.GROUP_ID_CONFIG, topic));
        joined.consumer.subscribe(List.of(topic), joined.new Assignment());
        return joined;
    }

    /**
     * Reads the topic beside its group: it takes it from no archiver, and tells nobody how far it
     * is.
     */
    public static ChangeLog beside(String topic, Map<String, String> kafka, RecordCipher cipher) {
        ChangeLog beside = open(topic, kafka, cipher, Map.of());
        beside.consumer.assign(List.of(beside.partition));
        beside.consumer.pause(List.of(beside.partition)); // until it is known where to read
        beside.assigned = true;
        return beside;
    }

    private static ChangeLog open(
            String topic,
            Map<String, String> kafka,
            RecordCipher cipher,
            Map<String, String> group) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.putAll(group);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                10_000); // another archiver takes over after this
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
        settings.put(
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                32); // of up to 256 KiB each when unpacked, whatever they take compressed
        settings.put(
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                16 * 1024 * 1024); // bounds memory; one larger record still passes
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 * 1024 * 1024);
        try {
            return new ChangeLog(
                    topic,
                    Map.copyOf(kafka),
                    cipher,
                    new KafkaConsumer<>(
                            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    /** The offset after the newest record that is there now. */
    public long end() throws InterruptedException {
        try {
            return consumer.endOffsets(List.of(partition), ANSWER_MAX).getOrDefault(partition, 0L);
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    /** Was all before an offset read? */
    public boolean isReadUpTo(long offset) throws InterruptedException {
        try {
            return consumer.position(partition, ANSWER_MAX) >= offset;
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            // Until it is known where to read; partitions that somebody added are never read.
            consumer.pause(partitions);
            for (TopicPartition each : partitions) {
                consumer.seek(
                        each, 0); // or the client asks the group for a place, which may have none
            }
            if (partitions.contains(partition)) {
                assigned = true;
                newlyAssigned = true;
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (partitions.contains(partition) && !closing) {
                log.info("another archiver takes the topic '{}' over", topic);
            }
            assigned = assigned && !partitions.contains(partition);
        }
    }

    @Override
    public Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration time)
            throws InterruptedException {
        try {
            return consumer.poll(time);
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (LogTruncationException e) {
            throw rewritten(e);
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    @Override
    public Optional<Frame> frame(ConsumerRecord<byte[], byte[]> record) {
        return records.read(record.offset(), record.value());
    }

    @Override
    public boolean isLocked(ConsumerRecord<byte[], byte[]> record) {
        return records.isLocked(record.value());
    }

    private TidemarkException rewritten(LogTruncationException e) {
        return TidemarkException.failed(
                "the topic '%s' was rewritten %s: records that were read, or acknowledged, are others now"
                        .formatted(
                                topic,
                                Optional.ofNullable(e.divergentOffsets().get(partition))
                                        .map(from -> "from record " + from.offset() + " on")
                                        .orElse("in part")),
                "Kafka elected a leader that lacked them (unclean.leader.election.enable), or lost a disk. What is archived"
                        + " stays; what is missing is lost unless the source still has it: 'tidemark base --from-source'"
                        + " takes a new base and records the gap.",
                e);
    }

    @Override
    public boolean isAssigned() {
        return assigned;
    }

    @Override
    public boolean takeNewlyAssigned() {
        boolean answer = newlyAssigned;
        newlyAssigned = false;
        return answer;
    }

    @Override
    public void seek(LogPoint point) throws InterruptedException {
        checkIsSame(point);
        try {
            long first = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            if (point.offset() < first || point.offset() > end) {
                throw TidemarkException.failed(
                        "the topic '%s' holds records %d to %d, and the archive needs %d next"
                                .formatted(topic, first, end, point.offset()),
                        "Records were deleted before they were archived, or the topic was rolled back: what is missing is lost"
                                + " unless the source still has it: 'tidemark base --from-source' takes a new base and records the"
                                + " gap.");
            }
            // With the epoch the client asks whether the log still has what was read then.
            consumer.seek(
                    partition, new OffsetAndMetadata(point.offset(), point.leaderEpoch(), ""));
            consumer.resume(List.of(partition));
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    @Override
    public void checkIsSame(LogPoint point) throws InterruptedException {
        String id = topicId(point);
        if (!id.equals(point.topicId())) {
            throw TidemarkException.failed(
                    "the topic '%s' was created anew: its id is %s, and the archive was reading %s"
                            .formatted(topic, id, point.topicId()),
                    "What was in the old topic and not archived is lost: 'tidemark base --from-source' takes a new base and"
                            + " records the gap.");
        }
    }

    private String topicId(LogPoint point) throws InterruptedException {
        Admin admin = admin();
        try {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .values()
                    .iterator()
                    .next()
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UnknownTopicOrPartitionException
                    ? deleted(point)
                    : unavailable(topic, kafka, e);
        } catch (TimeoutException e) {
            throw unavailable(topic, kafka, e);
        } finally {
            admin.close(ADMIN_CLOSE_MAX);
        }
    }

    private TidemarkException deleted(LogPoint point) {
        return TidemarkException.failed(
                "the topic '%s' is not there, and the archive needs its record %d next"
                        .formatted(topic, point.offset()),
                "Check kafka.bootstrap-servers: it may name another cluster. If the topic was deleted, what was in it and"
                        + " not archived is lost: 'tidemark base --from-source' takes a new base and records the gap.");
    }

    private Admin admin() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_MAX.toMillis()));
        settings.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_MAX.toMillis()));
        try {
            return Admin.create(settings);
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    @Override
    public void announce(Announcement said) {
        consumer.commitAsync(
                Map.of(partition, new OffsetAndMetadata(said.offset(), said.metadata())),
                (offsets, error) -> {
                    if (error != null) {
                        log.debug("the group did not take the offset", error);
                    }
                });
    }

    @Override
    public Optional<Announcement> announced() throws InterruptedException {
        try {
            return Optional.ofNullable(consumer.committed(Set.of(partition)).get(partition))
                    .flatMap(said -> Announcement.parse(said.offset(), said.metadata()));
        } catch (InterruptException e) {
            throw interrupted(e);
        } catch (KafkaException e) {
            throw unavailable(topic, kafka, e);
        }
    }

    private static TidemarkException unavailable(
            String topic, Map<String, String> kafka, Exception cause) {
        String servers = kafka.getOrDefault("bootstrap.servers", "");
        return cause instanceof TimeoutException
                ? Unreachable.because(
                        "no answer within " + ANSWER_MAX.toSeconds() + " s", topic, servers, cause)
                : Unreachable.because(topic, servers, cause);
    }

    private static InterruptedException interrupted(InterruptException e) {
        Thread.interrupted(); // the exception carries it on
        InterruptedException interrupted = new InterruptedException();
        interrupted.initCause(e);
        return interrupted;
    }

    @Override
    public void close() {
        closing = true;
        boolean isInterrupted =
                Thread.interrupted(); // or the client would not even try to leave the group
        try {
            consumer.close(CloseOptions.timeout(LEAVE_MAX));
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
