package dev.tidemark.capture.publish;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.RecordCipher;
import dev.tidemark.schemas.log.Unreachable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A source's topic: one, and of its partitions the first, since a source's commit order is one
 * sequence.
 *
 * @param kafka client properties, at least {@code bootstrap.servers}
 * @param cipher of its records
 */
public record ChangeLogTopic(String name, Map<String, String> kafka, RecordCipher cipher) {
    /** A record's size at most: a row with the largest values that the standard heap carries. */
    public static final int RECORD_BYTES_MAX = 72 * 1024 * 1024;

    private static final Duration ANSWER_MAX =
            Duration.ofSeconds(20); // a broker that is up answers in milliseconds

    /** The client's own error after that time says more than that the time is over. */
    private static final Duration WAIT_MAX = ANSWER_MAX.plusSeconds(1);

    /** A client that is closed waits for its open calls, by default until they time out. */
    static final Duration CLOSE_MAX = Duration.ofSeconds(1);

    public ChangeLogTopic {
        kafka = Map.copyOf(kafka);
    }

    /** One whose records are in clear. */
    public ChangeLogTopic(String name, Map<String, String> kafka) {
        this(name, kafka, RecordCipher.NONE);
    }

    /** The topic and consumer group names of a source. */
    public static String nameFor(String source) {
        return "tidemark." + source;
    }

    /** Without the values of properties: some are secret. */
    @Override
    public String toString() {
        return "topic '%s' at %s, properties %s"
                .formatted(name, kafka.get("bootstrap.servers"), new TreeSet<>(kafka.keySet()));
    }

    TopicPartition partition() {
        return new TopicPartition(name, 0);
    }

    /**
     * The topic's id in the cluster: another one means that it was created anew. Empty when there
     * is no topic.
     */
    public Optional<String> id() throws InterruptedException {
        return describe().map(found -> found.topicId().toString());
    }

    /** As the cluster says it; empty when there is no topic. */
    Optional<TopicDescription> describe() throws InterruptedException {
        try {
            return Optional.of(
                    ask(admin -> admin.describeTopics(List.of(name)).allTopicNames())
                            .values()
                            .iterator()
                            .next());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unavailable(e);
        }
    }

    /** Every setting in force for the topic, its own or the brokers'. */
    Map<String, String> settings() throws InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Map<String, String> values = new HashMap<>();
        try {
            ask(admin -> admin.describeConfigs(List.of(topic)).all())
                    .values()
                    .iterator()
                    .next()
                    .entries()
                    .forEach(
                            entry ->
                                    values.put(
                                            entry.name(),
                                            Objects.requireNonNullElse(entry.value(), "")));
        } catch (ExecutionException e) {
            throw unavailable(e);
        }
        return values;
    }

    /**
     * Asks the cluster whether the topic is there and fit, or could be created. Changes nothing.
     *
     * @throws TidemarkException when neither
     */
    public void checkCreatable() throws InterruptedException {
        if (id().isEmpty()) {
            create(new CreateTopicsOptions().validateOnly(true));
        }
    }

    /**
     * Creates the topic unless it is there; kept for ever, until the archiver says that its records
     * are safe.
     */
    public void create() throws InterruptedException {
        create(new CreateTopicsOptions());
    }

    private void create(CreateTopicsOptions options) throws InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
        settings.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(RECORD_BYTES_MAX));
        NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty()).configs(settings);
        try {
            ask(admin -> admin.createTopics(List.of(topic), options).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw unavailable(e);
            }
        }
    }

    /** Removes the topic and its records; one that is not there is no error. */
    public void delete() throws InterruptedException {
        try {
            ask(admin -> admin.deleteTopics(List.of(name)).all());
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw unavailable(e);
            }
        }
    }

    /** What the archiver told last of how far the archive is; empty when it never did. */
    public Optional<Announcement> announced() throws InterruptedException {
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    ask(
                            admin ->
                                    admin.listConsumerGroupOffsets(name)
                                            .partitionsToOffsetAndMetadata());
            return Optional.ofNullable(offsets.get(partition()))
                    .flatMap(said -> Announcement.parse(said.offset(), said.metadata()));
        } catch (ExecutionException e) {
            throw unavailable(e);
        }
    }

    /** Is the record with this offset there, or the one that comes next? */
    public boolean holds(long offset) throws InterruptedException {
        return beginning() <= offset && offset <= end();
    }

    /** The offset of the first record that is still there. */
    public long beginning() throws InterruptedException {
        return offset(OffsetSpec.earliest());
    }

    /** The offset of the record that comes next. */
    public long end() throws InterruptedException {
        return offset(OffsetSpec.latest());
    }

    private long offset(OffsetSpec which) throws InterruptedException {
        Map<TopicPartition, OffsetSpec> question = Map.of(partition(), which);
        try {
            return ask(admin -> admin.listOffsets(question).partitionResult(partition())).offset();
        } catch (ExecutionException e) {
            throw unavailable(e);
        }
    }

    /** Asks the cluster one thing; an interrupt ends the wait, whatever Kafka does. */
    private <T> T ask(Function<Admin, KafkaFuture<T>> question)
            throws InterruptedException, ExecutionException {
        Admin admin = admin();
        try {
            return question.apply(admin).get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable("no answer within " + WAIT_MAX.toSeconds() + " s", e);
        } finally {
            admin.close(CLOSE_MAX);
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
        try {
            return Admin.create(settings);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    TidemarkException unavailable(Throwable cause) {
        return Unreachable.because(name, servers(), cause);
    }

    private TidemarkException unavailable(String why, Throwable cause) {
        return Unreachable.because(why, name, servers(), cause);
    }

    private String servers() {
        return kafka.getOrDefault("bootstrap.servers", "");
    }
}
