package dev.tidemark.cli.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;

/**
 * Meters over readings: each is a name as Prometheus shows it, a text, and how it is computed. A
 * scrape computes all of one reading, so that they fit together. Any thread may scrape.
 */
final class Meters {
    private static final Reading NONE =
            new Reading(
                    Instant.EPOCH,
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ReentrantLock lock = new ReentrantLock();
    private Reading reading = NONE;

    /** Something that only grows, or begins anew with the process. */
    void counter(String name, String help, Tags tags, ToDoubleFunction<Reading> value) {
        FunctionCounter.builder(name, this, meters -> value.applyAsDouble(meters.reading))
                .description(help)
                .tags(tags)
                .register(registry);
    }

    /** Something that goes up and down. */
    void gauge(String name, String help, Tags tags, ToDoubleFunction<Reading> value) {
        Gauge.builder(name, this, meters -> value.applyAsDouble(meters.reading))
                .description(help)
                .tags(tags)
                .register(registry);
    }

    void counter(String name, String help, ToDoubleFunction<Reading> value) {
        counter(name, help, Tags.empty(), value);
    }

    void gauge(String name, String help, ToDoubleFunction<Reading> value) {
        gauge(name, help, Tags.empty(), value);
    }

    /** Something that does not change and is told by a label; the value is always 1. */
    void info(String name, String help, String label, String value) {
        // Micrometer has no such kind, and the ending _info is taken from the names of others.
        Info.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .register(registry.getPrometheusRegistry())
                .setLabelValues(value);
    }

    /** One for yes, zero for no. */
    static double flag(boolean value) {
        return value ? 1 : 0;
    }

    /** Prometheus' text of all. */
    String scrape(Reading newest) {
        lock.lock();
        try {
            reading = newest;
            return registry.scrape();
        } finally {
            lock.unlock();
        }
    }
}
