package dev.tidemark.capture.publish;

import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** Looks whether a topic keeps all that is written to it, in one sequence. Changes nothing. */
public final class TopicCheck {
    private static final String SET =
            "Set it on the topic, for example with 'kafka-configs.sh --alter --entity-type topics': ";

    private final String topic;
    private final Map<String, String> settings;
    private final List<Problem> problems = new ArrayList<>();

    private TopicCheck(String topic, Map<String, String> settings) {
        this.topic = topic;
        this.settings = settings;
    }

    /**
     * What is wrong with a source's topic.
     *
     * @throws TidemarkException when Kafka does not answer
     */
    public static List<Problem> of(ChangeLogTopic topic) throws InterruptedException {
        Optional<TopicDescription> found = topic.describe();
        if (found.isEmpty()) {
            return List.of(
                    Problem.error(
                            "the topic '" + topic.name() + "' does not exist",
                            "Run 'tidemark init' first. If it was run, check kafka.bootstrap-servers; what was in a topic that"
                                    + " was deleted and not archived is lost."));
        }
        TopicCheck check = new TopicCheck(topic.name(), topic.settings());
        check.partitions(found.get().partitions().size());
        check.keepsForEver(TopicConfig.RETENTION_MS_CONFIG);
        check.keepsForEver(TopicConfig.RETENTION_BYTES_CONFIG);
        check.keepsEveryRecord();
        check.takesLargeRecords();
        return List.copyOf(check.problems);
    }

    /** What is wrong with a topic whose acknowledgements the source's commits wait for. */
    public static List<Problem> ofSynchronous(ChangeLogTopic topic) throws InterruptedException {
        Optional<TopicDescription> found = topic.describe();
        if (found.isEmpty()) {
            return List.of();
        }
        TopicCheck check = new TopicCheck(topic.name(), topic.settings());
        check.outlivesABroker(found.get().partitions().getFirst().replicas().size());
        return List.copyOf(check.problems);
    }

    private void outlivesABroker(int replicas) {
        String inSync = settings.getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1");
        String flush = settings.getOrDefault(TopicConfig.FLUSH_MESSAGES_INTERVAL_CONFIG, "");
        if (replicas > 1 && Integer.parseInt(inSync) < 2) {
            problems.add(
                    Problem.error(
                            "one broker is enough to acknowledge a commit: min.insync.replicas of the topic '%s' is %s"
                                    .formatted(topic, inSync),
                            SET + "min.insync.replicas=2."));
        } else if (replicas == 1 && !flush.equals("1")) {
            problems.add(
                    Problem.warning(
                            "the topic '%s' has one copy, which its broker acknowledges before it is on disk"
                                    .formatted(topic),
                            "Give the topic three replicas and min.insync.replicas=2; or set flush.messages=1 on it."));
        }
    }

    private void partitions(int count) {
        if (count != 1) {
            problems.add(
                    Problem.warning(
                            "the topic '%s' has %d partitions, and only partition 0 is written and read"
                                    .formatted(topic, count),
                            "A change log is one sequence. Nothing is lost; Kafka cannot take partitions away again."));
        }
    }

    private void keepsForEver(String setting) {
        String value = settings.getOrDefault(setting, "");
        if (!value.equals("-1")) {
            problems.add(
                    Problem.error(
                            "the topic '%s' drops records that may not be archived yet: %s is %s, not -1"
                                    .formatted(topic, setting, value),
                            SET + setting + "=-1."));
        }
    }

    private void keepsEveryRecord() {
        String value = settings.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
        // Without a policy nothing is ever dropped, which is right too.
        if (Arrays.asList(value.split(",")).contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            problems.add(
                    Problem.error(
                            "the topic '%s' is compacted: cleanup.policy is %s, not delete"
                                    .formatted(topic, value),
                            SET + "cleanup.policy=delete."));
        }
    }

    private void takesLargeRecords() {
        String value = settings.getOrDefault(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0");
        if (Long.parseLong(value) < ChangeLogTopic.RECORD_BYTES_MAX) {
            problems.add(
                    Problem.warning(
                            "the topic '%s' takes records up to %s bytes: a larger row stops capture"
                                    .formatted(topic, value),
                            SET + "max.message.bytes=" + ChangeLogTopic.RECORD_BYTES_MAX + "."));
        }
    }
}
