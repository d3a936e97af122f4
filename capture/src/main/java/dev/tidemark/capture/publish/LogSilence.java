package dev.tidemark.capture.publish;

import java.time.Duration;

/**
 * Watches whether anybody still writes a log. A capture at work writes a heartbeat at least every
 * few seconds, so silence means that it is gone, or cannot work. For one thread.
 */
public final class LogSilence {
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
        long now = topic.end();
        if (now != end) {
            end = now;
            since = System.nanoTime();
        }
        return System.nanoTime() - since > silence.toNanos();
    }
}
