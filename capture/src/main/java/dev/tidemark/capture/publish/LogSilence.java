package dev.tidemark.capture.publish;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;

/**
 * Watches whether anybody still writes a log. A capture at work writes a heartbeat at least every
 * few seconds, so silence means that it is gone, or cannot work. For one thread.
 */
public final class LogSilence {
    private static final Duration ANSWER_MAX =
            Duration.ofSeconds(20); // a broker that is up answers in milliseconds

    private final ChangeLogTopic topic;
    private final Duration silence;
    private long end = -1;
    private long since = System.nanoTime();

    /**
     * Starts to watch.
     *
     * @param silence that is too long
     */
    public LogSilence(ChangeLogTopic topic, Duration silence) {
        this.topic = topic;
        this.silence = silence;
    }

    /** Looks again: was nothing written for that long? */
    public boolean isTooLong() throws InterruptedException {
        long now = end();
        if (now != end) {
            end = now;
            since = System.nanoTime();
        }
        return System.nanoTime() - since > silence.toNanos();
    }

    private long end() throws InterruptedException {
        try (Admin admin = Admin.create(new HashMap<String, Object>(topic.kafka()))) {
            return admin.listOffsets(Map.of(topic.partition(), OffsetSpec.latest()))
                    .partitionResult(topic.partition())
                    .get(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .offset();
        } catch (ExecutionException | TimeoutException e) {
            throw topic.unavailable(e);
        }
    }
}
