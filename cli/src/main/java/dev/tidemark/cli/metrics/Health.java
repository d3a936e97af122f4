package dev.tidemark.cli.metrics;

import dev.tidemark.archiver.ArchiverProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the process fares, as health checks are told.
 *
 * @param live do its services run, be it in vain? If not, the process is ending
 * @param ready do all of them what they are there for?
 * @param parts each service with the word for it
 */
record Health(boolean live, boolean ready, Map<String, String> parts) {
    /**
     * An archiver that stands by looks at Kafka every 15 s and waits 10 s for its answer: only one
     * that did so is known to stand by, and not to wait in vain.
     */
    static final Duration STANDBY_SURE = Duration.ofSeconds(30);

    /**
     * Judges.
     *
     * @param silenceMax who hears nothing from Kafka for longer is silent: capture writes
     *     heartbeats more often, and the archiver reads them
     */
    static Health of(Reading reading, Duration silenceMax) {
        Map<String, String> parts = new LinkedHashMap<>();
        boolean isReady = true;
        boolean isLive = true;
        for (ServiceState.Snapshot service : reading.services()) {
            PartState state = state(service, reading, silenceMax);
            parts.put(service.name(), state.words());
            isReady &= state.isWell();
            isLive &= state != PartState.ENDED;
        }
        return new Health(isLive, isReady, parts);
    }

    private static PartState state(
            ServiceState.Snapshot service, Reading reading, Duration silenceMax) {
        return switch (service.phase()) {
            case RETRYING -> PartState.RETRYING;
            case ENDED -> PartState.ENDED;
            case RUNNING ->
                    switch (service.name()) {
                        case ServiceState.CAPTURE -> capture(reading, silenceMax);
                        case ServiceState.ARCHIVER -> archiver(service, reading, silenceMax);
                        default -> other(service, reading.now());
                    };
        };
    }

    private static PartState capture(Reading reading, Duration silenceMax) {
        CaptureLook look = reading.capture().orElseThrow();
        return switch (look.state()) {
            case STARTING -> PartState.STARTING;
            case STANDING_BY -> PartState.STANDING_BY;
            case STREAMING ->
                    isLongAgo(look.progress().heard(), reading.now(), silenceMax)
                            ? PartState.SILENT
                            : PartState.STREAMING;
        };
    }

    private static PartState archiver(
            ServiceState.Snapshot service, Reading reading, Duration silenceMax) {
        ArchiverProgress progress = reading.archiver().orElseThrow();
        return switch (progress.state()) {
            case STARTING -> PartState.STARTING;
            case WORKING ->
                    isLongAgo(progress.heard(), reading.now(), silenceMax)
                            ? PartState.SILENT
                            : PartState.WORKING;
            case STANDING_BY ->
                    isLongAgo(service.since(), reading.now(), STANDBY_SURE)
                            ? PartState.STANDING_BY
                            : PartState.STARTING;
        };
    }

    /** One that tries again and again does not look well in between. */
    private static PartState other(ServiceState.Snapshot service, Instant now) {
        Optional<Instant> failed = service.failed();
        return failed.isPresent() && !isLongAgo(failed.get(), now, STANDBY_SURE)
                ? PartState.RETRYING
                : PartState.RUNNING;
    }

    private static boolean isLongAgo(Instant time, Instant now, Duration limit) {
        return Duration.between(time, now).compareTo(limit) > 0;
    }
}
