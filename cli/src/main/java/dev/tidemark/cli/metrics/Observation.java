package dev.tidemark.cli.metrics;

import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.ListenAddress;
import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the services of a process be watched, where the configuration says so; else it does nothing.
 *
 * <p>Whatever happens here, the services go on. For one thread; those that it starts are daemons.
 */
public final class Observation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Observation.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Configuration configuration;
    private final Clock clock;
    private final Optional<Endpoint> endpoint;
    private final List<Watch<?>> watches = new ArrayList<>();

    private Observation(Configuration configuration, Clock clock, Optional<Endpoint> endpoint) {
        this.configuration = configuration;
        this.clock = clock;
        this.endpoint = endpoint;
    }

    /**
     * Takes the address, before anything else is started.
     *
     * @throws TidemarkException when it cannot be had
     */
    public static Observation bind(Configuration configuration, Clock clock) {
        return new Observation(
                configuration, clock, configuration.metrics().listen().map(Endpoint::bind));
    }

    /** Watches and answers from here on, until this is closed. */
    public void begin(Observed observed) {
        if (endpoint.isEmpty()) {
            return;
        }
        Map<String, Path> places = DiskLook.places(configuration);
        Watch<List<DiskSample>> disks = watch("disks", new DiskLook(places, clock));
        Optional<Watch<SourceSample>> source =
                observed.slot().map(slot -> watch("source", new SourceLook(slot, clock)));
        Optional<Watch<LedgerSample>> ledger =
                observed.archive().map(stores -> watch("ledger", new LedgerLook(stores, clock)));
        Supplier<Reading> readings =
                () ->
                        new Reading(
                                clock.instant(),
                                observed.services().stream().map(ServiceState::snapshot).toList(),
                                observed.capture().map(Supplier::get),
                                observed.archiver().map(Supplier::get),
                                source.flatMap(Watch::newest),
                                ledger.flatMap(Watch::newest),
                                disks.newest().orElse(List.of()));
        endpoint.get().serve(answers(meters(observed, places), readings));
        ListenAddress listen = configuration.metrics().listen().orElseThrow();
        log.info("metrics at http://{}:{}/metrics", listen.host(), endpoint.get().port());
    }

    private <T> Watch<T> watch(String name, Watch.Look<T> look) {
        Watch<T> watch = new Watch<>(name, look, clock).start();
        watches.add(watch);
        return watch;
    }

    Meters meters(Observed observed, Map<String, Path> places) {
        Meters meters = new Meters();
        meters.info(
                "tidemark_info", "always 1; which version runs", "version", ProgramVersion.text());
        ServiceMeters.register(
                meters,
                observed.services().stream().map(ServiceState::name).toList(),
                silenceMax());
        if (observed.capture().isPresent()) {
            CaptureMeters.register(meters);
        }
        if (observed.archiver().isPresent()) {
            ArchiverMeters.register(meters);
        }
        if (observed.slot().isPresent()) {
            SourceMeters.register(meters);
        }
        DiskMeters.register(meters, places.keySet());
        if (observed.archive().isPresent()) {
            LedgerMeters.register(meters);
        }
        ObjectiveMeters.register(
                meters, configuration.objectives(), observed.archive().isPresent());
        return meters;
    }

    private Map<String, Supplier<Endpoint.Answer>> answers(
            Meters meters, Supplier<Reading> readings) {
        Map<String, Supplier<Endpoint.Answer>> answers = new TreeMap<>();
        answers.put(
                "/metrics",
                () -> new Endpoint.Answer(200, PROMETHEUS_TEXT, meters.scrape(readings.get())));
        answers.put(
                "/health/live",
                () -> {
                    Health health = Health.of(readings.get(), silenceMax());
                    return answer(health.live(), health);
                });
        answers.put(
                "/health/ready",
                () -> {
                    Health health = Health.of(readings.get(), silenceMax());
                    return answer(health.ready(), health);
                });
        return answers;
    }

    private static Endpoint.Answer answer(boolean isWell, Health health) {
        return new Endpoint.Answer(
                isWell ? 200 : 503, "application/json", JsonOutput.text(health) + "\n");
    }

    /** What makes another capture take over. */
    private Duration silenceMax() {
        return configuration.capture().takeoverAfter();
    }

    /** The port that it listens at; empty when it does not. */
    Optional<Integer> port() {
        return endpoint.map(Endpoint::port);
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
        endpoint.ifPresent(Endpoint::close);
    }
}
