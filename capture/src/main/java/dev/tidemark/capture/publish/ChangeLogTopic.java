package dev.tidemark.capture.publish;

import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A source's topic: one, with one partition, since a source's commit order is one sequence.
 *
 * @param kafka client properties, at least {@code bootstrap.servers}
 */
public record ChangeLogTopic(String name, Map<String, String> kafka) {
    /** A record's size at most: a row with the largest values that the standard heap carries. */
    public static final int RECORD_BYTES_MAX = 72 * 1024 * 1024;

    private static final Duration ANSWER_MAX =
            Duration.ofSeconds(20); // a broker that is up answers in milliseconds

    public ChangeLogTopic {
        kafka = Map.copyOf(kafka);
    }

    /** The topic and consumer group names of a source. */
    public static String nameFor(String source) {
        return "tidemark." + source;
    }

    TopicPartition partition() {
        return new TopicPartition(name, 0);
    }

    /**
     * The topic's id in the cluster: another one means that it was created anew. Empty when there
     * is no topic.
     */
    public Optional<String> id() throws InterruptedException {
        try (Admin admin = admin()) {
            TopicDescription topic =
                    answer(admin.describeTopics(List.of(name)).allTopicNames())
                            .values()
                            .iterator()
                            .next();
            if (topic.partitions().size() != 1) {
                throw TidemarkException.refused(
                        "the topic '"
                                + name
                                + "' has "
                                + topic.partitions().size()
                                + " partitions, not 1",
                        "A change log is one sequence. Create the topic anew, or choose another source name.");
            }
            return Optional.of(topic.topicId().toString());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unavailable(e);
        }
    }

    /**
     * Creates the topic unless it is there; kept for ever, until the archiver says that its records
     * are safe.
     */
    public void create() throws InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RECORD_BYTES_MAX));
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings);
        try (Admin admin = admin()) {
            answer(admin.createTopics(List.of(topic)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw unavailable(e);
            }
        }
    }

    /** Removes the topic and its records; one that is not there is no error. */
    public void delete() throws InterruptedException {
        try (Admin admin = admin()) {
            answer(admin.deleteTopics(List.of(name)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw unavailable(e);
            }
        }
    }

    /**
     * Where the archiver was last, with its word on the session in force there; empty when it never
     * said.
     */
    Optional<OffsetAndMetadata> archived() throws InterruptedException {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    answer(admin.listConsumerGroupOffsets(name).partitionsToOffsetAndMetadata());
            return Optional.ofNullable(offsets.get(partition()));
        } catch (ExecutionException e) {
            throw unavailable(e);
        }
    }

    private Admin admin() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_MAX.toMillis()));
        settings.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(ANSWER_MAX.toMillis()));
        return Admin.create(settings);
    }

    private <T> T answer(KafkaFuture<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable(e);
        }
    }

    TidemarkException unavailable(Throwable cause) {
        return TidemarkException.failed(
                "Kafka at "
                        + kafka.get("bootstrap.servers")
                        + " does not answer for topic '"
                        + name
                        + "': "
                        + TidemarkException.reason(cause),
                "Check kafka.bootstrap-servers and that the brokers are up.",
                cause);
    }
}
