package dev.tidemark.cli.metrics;

import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What there is to measure of every service of a process, and of the process. */
final class ServiceMeters {
    private ServiceMeters() {}

    static void register(Meters meters, List<String> services, Duration silenceMax) {
        for (String name : services) {
            Tags tags = Tags.of("service", name);
            meters.counter(
                    "tidemark_service_retries_total",
                    "failures after which the service was tried again",
                    tags,
                    of(name, ServiceState.Snapshot::retries));
            meters.gauge(
                    "tidemark_service_retrying",
                    "1: the service failed and waits to be tried again",
                    tags,
                    of(name, one -> Meters.flag(one.phase() == ServiceState.Phase.RETRYING)));
            meters.gauge(
                    "tidemark_service_last_error_timestamp_seconds",
                    "when the service failed last; NaN: never",
                    tags,
                    of(name, one -> one.failed().map(Reading::unixTime).orElse(Double.NaN)));
        }
        meters.gauge(
                "tidemark_ready",
                "1: all services do what they are there for, as /health/ready says",
                reading -> Meters.flag(Health.of(reading, silenceMax).ready()));
    }

    private static ToDoubleFunction<Reading> of(
            String name, ToDoubleFunction<ServiceState.Snapshot> value) {
        return reading ->
                reading.services().stream()
                        .filter(service -> service.name().equals(name))
                        .mapToDouble(value)
                        .findFirst()
                        .orElse(Double.NaN);
    }
}
