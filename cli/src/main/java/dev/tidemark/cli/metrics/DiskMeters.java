package dev.tidemark.cli.metrics;

import io.micrometer.core.instrument.Tags;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What there is to measure of the disks that services write to. */
final class DiskMeters {
    private DiskMeters() {}

    static void register(Meters meters, Set<String> places) {
        for (String place : places) {
            Tags tags = Tags.of("place", place);
            meters.gauge(
                    "tidemark_disk_free_bytes",
                    "bytes that may still be written there",
                    tags,
                    of(place, DiskSample::freeBytes));
            meters.gauge(
                    "tidemark_disk_forecast_seconds",
                    "until the disk is full, at the pace of the last 10 minutes; NaN: it is not filling",
                    tags,
                    of(place, DiskSample::forecastSeconds));
        }
    }

    private static ToDoubleFunction<Reading> of(String place, ToDoubleFunction<DiskSample> value) {
        return reading ->
                reading.disks().stream()
                        .filter(disk -> disk.place().equals(place))
                        .mapToDouble(value)
                        .findFirst()
                        .orElse(Double.NaN);
    }
}
