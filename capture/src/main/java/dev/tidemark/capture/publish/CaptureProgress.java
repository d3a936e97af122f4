package dev.tidemark.capture.publish;

import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** How far capture is, for those who watch. Safe for use by many threads. */
public final class CaptureProgress {
    /** Lags of the newest transactions only: enough for a percentile, little memory. */
    private static final int LAGS_MAX = 16_384;

    /**
     * A look at it.
     *
     * @param transactions written since the start, heartbeats included
     * @param changes written since the start
     * @param bytes of records sent since the start, before compression
     * @param captured the last position that was sent to Kafka
     * @param capturedTime its commit time
     * @param acknowledged the last position that Kafka has
     * @param acknowledgedTime its commit time
     * @param heard when Kafka opened the session or last acknowledged a record, by the own clock
     * @param lagMedian from commit to Kafka's acknowledgement, of the newest transactions; by two
     *     clocks when source and capture are on two machines
     * @param lagHigh the 99th percentile of the same
     */
    public record Snapshot(
            long transactions,
            long changes,
            long bytes,
            Position captured,
            Instant capturedTime,
            Position acknowledged,
            Instant acknowledgedTime,
            Instant heard,
            Duration lagMedian,
            Duration lagHigh) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final long[] lagsMicros = new long[LAGS_MAX];
    private long lagCount;
    private long transactions;
    private long changes;
    private long bytes;
    private Position captured = Position.ZERO;
    private Instant capturedTime = Instant.EPOCH;
    private Position acknowledged = Position.ZERO;
    private Instant acknowledgedTime = Instant.EPOCH;
    private volatile Instant heard = Instant.EPOCH;
    private volatile Position schemaChanged = Position.ZERO;

    void captured(Position position, Instant commitTime, long count) {
        lock.lock();
        try {
            transactions++;
            changes += count;
            captured = position;
            capturedTime = commitTime;
        } finally {
            lock.unlock();
        }
    }

    void sent(long recordBytes) {
        lock.lock();
        try {
            bytes += recordBytes;
        } finally {
            lock.unlock();
        }
    }

    void heard(Instant now) {
        heard = now;
    }

    void schemaChanged(Position position) {
        schemaChanged = position;
    }

    /** The last transaction that told of a schema change, since the start. */
    public Position schemaChanged() {
        return schemaChanged;
    }

    void acknowledged(Position position, Instant commitTime, Instant now) {
        lock.lock();
        try {
            acknowledged = position;
            acknowledgedTime = commitTime;
            lagsMicros[Math.floorMod(lagCount++, LAGS_MAX)] =
                    Math.max(0, Duration.between(commitTime, now).toNanos() / 1_000);
        } finally {
            lock.unlock();
        }
    }

    public Snapshot snapshot() {
        lock.lock();
        try {
            int known = Math.toIntExact(Math.min(lagCount, LAGS_MAX));
            long[] sorted = Arrays.copyOf(lagsMicros, known);
            Arrays.sort(sorted);
            return new Snapshot(
                    transactions,
                    changes,
                    bytes,
                    captured,
                    capturedTime,
                    acknowledged,
                    acknowledgedTime,
                    heard,
                    percentile(sorted, 50),
                    percentile(sorted, 99));
        } finally {
            lock.unlock();
        }
    }

    private static Duration percentile(long[] sortedMicros, int percent) {
        if (sortedMicros.length == 0) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(sortedMicros[(sortedMicros.length - 1) * percent / 100] * 1_000);
    }
}
