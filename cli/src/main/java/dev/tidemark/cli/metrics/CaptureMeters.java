package dev.tidemark.cli.metrics;

import dev.tidemark.capture.Capture;
import dev.tidemark.capture.publish.CaptureProgress;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What there is to measure of capture. */
final class CaptureMeters {
    private CaptureMeters() {}

    static void register(Meters meters) {
        counts(meters);
        standpoint(meters);
        delays(meters);
        meters.gauge(
                "tidemark_capture_streaming",
                "1: capture has a session and streams",
                of(look -> Meters.flag(look.state() == Capture.State.STREAMING)));
        meters.gauge(
                "tidemark_capture_standing_by",
                "1: another capture has the slot",
                of(look -> Meters.flag(look.state() == Capture.State.STANDING_BY)));
    }

    private static void counts(Meters meters) {
        meters.counter(
                "tidemark_capture_transactions_total",
                "transactions sent to Kafka, heartbeats included",
                of(look -> look.progress().transactions()));
        meters.counter(
                "tidemark_capture_changes_total",
                "changes sent to Kafka, those of heartbeats included",
                of(look -> look.progress().changes()));
        meters.counter(
                "tidemark_capture_sent_bytes_total",
                "bytes of records sent to Kafka, before compression",
                of(look -> look.progress().bytes()));
    }

    private static void standpoint(Meters meters) {
        meters.gauge(
                "tidemark_capture_sent_position",
                "position of the last commit that was sent to Kafka",
                position(CaptureProgress.Snapshot::captured));
        meters.gauge(
                "tidemark_capture_sent_timestamp_seconds",
                "commit time of the last commit that was sent to Kafka",
                of(look -> Reading.unixTime(look.progress().capturedTime())));
        meters.gauge(
                "tidemark_capture_acknowledged_position",
                "position of the last commit that Kafka acknowledged",
                position(CaptureProgress.Snapshot::acknowledged));
        meters.gauge(
                "tidemark_capture_acknowledged_timestamp_seconds",
                "commit time of the last commit that Kafka acknowledged",
                of(look -> Reading.unixTime(look.progress().acknowledgedTime())));
    }

    private static void delays(Meters meters) {
        meters.gauge(
                "tidemark_capture_lag_seconds",
                "time since the last commit that Kafka acknowledged; NaN before the first, and on standby",
                CaptureMeters::lag);
        meters.gauge(
                "tidemark_capture_latency_median_seconds",
                "from commit to Kafka's acknowledgement, median of the newest 16384 transactions",
                latency(CaptureProgress.Snapshot::lagMedian));
        meters.gauge(
                "tidemark_capture_latency_p99_seconds",
                "from commit to Kafka's acknowledgement, 99th percentile of the newest 16384 transactions",
                latency(CaptureProgress.Snapshot::lagHigh));
    }

    /** It grows through failures, and is another capture's on standby. */
    static double lag(Reading reading) {
        return reading.capture()
                .filter(look -> look.state() != Capture.State.STANDING_BY)
                .map(look -> reading.secondsSince(look.progress().acknowledgedTime()))
                .orElse(Double.NaN);
    }

    private static ToDoubleFunction<Reading> position(
            Function<CaptureProgress.Snapshot, Position> of) {
        return of(look -> of.apply(look.progress()).value());
    }

    private static ToDoubleFunction<Reading> latency(
            Function<CaptureProgress.Snapshot, Duration> of) {
        return of(
                look ->
                        look.progress().acknowledged().equals(Position.ZERO)
                                ? Double.NaN
                                : Reading.seconds(of.apply(look.progress())));
    }

    private static ToDoubleFunction<Reading> of(ToDoubleFunction<CaptureLook> value) {
        return reading -> value.applyAsDouble(reading.capture().orElseThrow());
    }
}
