package dev.tidemark.capture.publish;

import dev.tidemark.capture.prepare.Problem;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.RecordReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Looks whether what stands in a topic can be read with the keys at hand, and is encrypted where it
 * should be: at the record that the archive needs next and at the newest one. Changes nothing.
 */
public final class EncryptionCheck {
    private static final Duration ANSWER_MAX =
            Duration.ofSeconds(20); // a broker that is up answers in milliseconds

    private EncryptionCheck() {}

    /**
     * What is wrong.
     *
     * @param isEncrypted is what capture writes to be encrypted?
     * @throws TidemarkException when Kafka does not answer
     */
    public static List<Problem> of(ChangeLogTopic topic, boolean isEncrypted)
            throws InterruptedException {
        long beginning = topic.beginning();
        long newest = topic.end() - 1;
        if (newest < beginning) {
            return List.of();
        }
        long next = topic.announced().map(Announcement::offset).orElse(beginning);
        TreeSet<Long> looks = new TreeSet<>(List.of(Math.clamp(next, beginning, newest), newest));
        List<Problem> problems = new ArrayList<>();
        RecordReader reader = new RecordReader(topic.name(), topic.cipher());
        for (long offset : looks) {
            Optional<byte[]> record = record(topic, offset);
            record.flatMap(there -> problem(reader, offset, there)).ifPresent(problems::add);
            if (offset == newest
                    && isEncrypted
                    && record.isPresent()
                    && !RecordReader.isEncrypted(record.get())) {
                problems.add(inClear(topic, offset));
            }
        }
        return List.copyOf(problems);
    }

    private static Optional<Problem> problem(RecordReader reader, long offset, byte[] record) {
        try {
            var unused = reader.read(offset, record);
            return Optional.empty();
        } catch (TidemarkException e) {
            return Optional.of(Problem.of(e));
        }
    }

    private static Problem inClear(ChangeLogTopic topic, long offset) {
        return Problem.warning(
                "kafka.encrypt-values is set, and the newest record of the topic '%s', %d, is in clear"
                        .formatted(topic.name(), offset),
                "A capture that was started before writes on as it did: start it anew. Is there another one, without the"
                        + " setting? Records in clear go only with the topic.");
    }

    /** Empty when it went meanwhile. */
    private static Optional<byte[]> record(ChangeLogTopic topic, long offset)
            throws InterruptedException {
        var consumer = LogTail.consumer(topic);
        try {
            consumer.assign(List.of(topic.partition()));
            consumer.seek(topic.partition(), offset);
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(ANSWER_MAX)) {
                if (record.offset() == offset) {
                    return Optional.of(record.value());
                }
            }
            return Optional.empty();
        } catch (InterruptException e) {
            throw LogTail.interrupted(e);
        } catch (OffsetOutOfRangeException e) {
            return Optional.empty();
        } catch (KafkaException e) {
            throw topic.unavailable(e);
        } finally {
            consumer.close(CloseOptions.timeout(ChangeLogTopic.CLOSE_MAX));
        }
    }
}
