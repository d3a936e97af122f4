package dev.tidemark.capture.prepare;

import java.time.Duration;

/** When the source may take a commit for safe. */
public enum Acknowledgement {
    /** Commits return at once; capture follows by some milliseconds. */
    ASYNCHRONOUS(Duration.ofMillis(5), Duration.ofMillis(2)),
    /**
     * A commit returns when Kafka has it: capture is a synchronous standby of the source. So what
     * it waits for itself is short.
     */
    SYNCHRONOUS(Duration.ofMillis(1), Duration.ZERO);

    private final Duration poll;
    private final Duration linger;

    Acknowledgement(Duration poll, Duration linger) {
        this.poll = poll;
        this.linger = linger;
    }

    /** How long an idle stream is left alone. */
    public Duration poll() {
        return poll;
    }

    /** How long a record waits for others to travel with. */
    public Duration linger() {
        return linger;
    }
}
