package dev.tidemark.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archiver.ArchiverProgress;
import dev.tidemark.capture.Capture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(15);

    @ParameterizedTest
    @CsvSource({
        "STREAMING, 100, streaming, true",
        "STREAMING, 0, streaming, true",
        "STANDING_BY, 0, standing by, true",
        "STARTING, 100, starting, false"
    })
    void captureIsWellWhenItStreamsOrStandsBy(
            Capture.State state, long seconds, String word, boolean isReady) {
        Health health =
                health(
                        service("capture", seconds),
                        state,
                        ArchiverProgress.State.STARTING,
                        SILENCE_MAX);

        assertThat(health).isEqualTo(new Health(true, isReady, Map.of("capture", word)));
    }

    @Test
    void captureThatHearsNothingFromKafkaIsNotReady() {
        Health health =
                health(
                        service("capture", 100),
                        Capture.State.STREAMING,
                        ArchiverProgress.State.STARTING,
                        Duration.ofMillis(999));

        assertThat(health).isEqualTo(new Health(true, false, Map.of("capture", "silent")));
    }

    @ParameterizedTest
    @CsvSource({
        "WORKING, 0, working, true",
        "STANDING_BY, 31, standing by, true",
        "STANDING_BY, 30, starting, false",
        "STARTING, 100, starting, false"
    })
    void anArchiverIsWellWhenItWorksOrSurelyStandsBy(
            ArchiverProgress.State state, long seconds, String word, boolean isReady) {
        Health health =
                health(service("archiver", seconds), Capture.State.STARTING, state, SILENCE_MAX);

        assertThat(health).isEqualTo(new Health(true, isReady, Map.of("archiver", word)));
    }

    @Test
    void anArchiverThatGetsNothingFromKafkaIsNotReady() {
        Health health =
                health(
                        service("archiver", 100),
                        Capture.State.STARTING,
                        ArchiverProgress.State.WORKING,
                        Duration.ofMillis(999));

        assertThat(health).isEqualTo(new Health(true, false, Map.of("archiver", "silent")));
    }

    @Test
    void anArchiverOnStandbyHearsOnlyThatAnotherOneWorks() {
        Health health =
                health(
                        service("archiver", 100),
                        Capture.State.STARTING,
                        ArchiverProgress.State.STANDING_BY,
                        Duration.ofMillis(999));

        assertThat(health).isEqualTo(new Health(true, true, Map.of("archiver", "standing by")));
    }

    @Test
    void aServiceThatIsTriedAgainIsNotReadyButLive() {
        ServiceState capture = service("capture", 100);
        capture.retrying();

        Health health =
                health(
                        capture,
                        Capture.State.STREAMING,
                        ArchiverProgress.State.WORKING,
                        SILENCE_MAX);

        assertThat(health).isEqualTo(new Health(true, false, Map.of("capture", "retrying")));
    }

    @ParameterizedTest
    @CsvSource({"30, retrying, false", "31, running, true"})
    void aServiceThatFailedJustNowMayFailAgain(long seconds, String word, boolean isReady) {
        ServiceState bases = service("table-bases", seconds);
        bases.retrying();
        bases.running();

        Health health =
                health(bases, Capture.State.STREAMING, ArchiverProgress.State.WORKING, SILENCE_MAX);

        assertThat(health).isEqualTo(new Health(true, isReady, Map.of("table-bases", word)));
    }

    @Test
    void aServiceThatEndedIsNotLive() {
        ServiceState archiver = service("archiver", 100);
        archiver.ended();

        Health health =
                health(
                        archiver,
                        Capture.State.STREAMING,
                        ArchiverProgress.State.WORKING,
                        SILENCE_MAX);

        assertThat(health).isEqualTo(new Health(false, false, Map.of("archiver", "ended")));
    }

    private static ServiceState service(String name, long secondsAgo) {
        Instant since = Fakes.NOW.minusSeconds(secondsAgo);
        return Fakes.service(name, since);
    }

    private static Health health(
            ServiceState service,
            Capture.State capture,
            ArchiverProgress.State archiver,
            Duration silenceMax) {
        return Health.of(
                new Reading(
                        Fakes.NOW,
                        List.of(service.snapshot()),
                        Optional.of(Fakes.capture(capture)),
                        Optional.of(Fakes.archiver(archiver)),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                silenceMax);
    }
}
