package dev.tidemark.cli.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What there is to measure of the source: what its replication slot costs it. */
final class SourceMeters {
    /** All that PostgreSQL says. */
    private static final List<String> WAL_STATUSES =
            List.of("reserved", "extended", "unreserved", "lost");

    private SourceMeters() {}

    static void register(Meters meters) {
        meters.gauge(
                "tidemark_source_up",
                "1: the source answered the last look at its slot",
                reading ->
                        reading.source()
                                .map(source -> Meters.flag(source.isUp()))
                                .orElse(Double.NaN));
        meters.gauge(
                "tidemark_slot_held_bytes",
                "bytes of the source's log that the slot keeps from being removed",
                of(SourceSample.Slot::heldBytes));
        meters.gauge(
                "tidemark_slot_safe_bytes",
                "bytes that the source's log may grow before the slot can be lost; NaN without max_slot_wal_keep_size",
                of(slot -> slot.safeBytes().isEmpty() ? Double.NaN : slot.safeBytes().getAsLong()));
        meters.gauge(
                "tidemark_slot_forecast_seconds",
                "until the slot can be lost, at the pace of the last 10 minutes; NaN: it is not getting closer",
                of(SourceSample.Slot::forecastSeconds));
        for (String status : WAL_STATUSES) {
            meters.gauge(
                    "tidemark_slot_wal_status",
                    "1 for the status that the source gives its slot",
                    Tags.of("status", status),
                    of(slot -> Meters.flag(slot.walStatus().equals(status))));
        }
    }

    private static ToDoubleFunction<Reading> of(ToDoubleFunction<SourceSample.Slot> value) {
        return reading ->
                reading.source()
                        .flatMap(SourceSample::slot)
                        .map(value::applyAsDouble)
                        .orElse(Double.NaN);
    }
}
