package dev.tidemark.capture.publish;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Finds out whether records that somebody read are still those of the log: an election of a broker
 * that lacked them, or a lost disk, may have put others in their place. Kafka's leader epochs tell
 * (KIP-320).
 */
public final class LogRewrite {
    private static final Duration ANSWER_MAX =
            Duration.ofSeconds(20); // a broker that is up answers in milliseconds

    private LogRewrite() {}

    /**
     * The offset from which on the log has other records than the one that was read; empty when it
     * is the same up to there.
     *
     * @param next the offset after those that were read, which the topic must have or come to next
     * @param leaderEpoch of the last record that was read
     */
    public static OptionalLong from(ChangeLogTopic topic, long next, int leaderEpoch)
            throws InterruptedException {
        TopicPartition partition = topic.partition();
        var consumer = LogTail.consumer(topic);
        try {
            consumer.assign(List.of(partition));
            consumer.endOffsets(List.of(partition)); // without a known leader nothing is compared
            consumer.seek(partition, new OffsetAndMetadata(next, Optional.of(leaderEpoch), ""));
            consumer.position(partition, ANSWER_MAX); // waits for the comparison
            return OptionalLong.empty();
        } catch (LogTruncationException e) {
            OffsetAndMetadata from = e.divergentOffsets().get(partition);
            return OptionalLong.of(from == null ? 0 : from.offset());
        } catch (InterruptException e) {
            throw LogTail.interrupted(e);
        } catch (KafkaException e) {
            throw topic.unavailable(e);
        } finally {
            consumer.close(CloseOptions.timeout(ChangeLogTopic.CLOSE_MAX));
        }
    }
}
