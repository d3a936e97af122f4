package dev.tidemark.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archiver.ArchiverProgress;
import dev.tidemark.capture.Capture;
import dev.tidemark.cli.config.Configuration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetersTest {
    private static final double UNIX_NOW = Fakes.NOW.getEpochSecond();

    @TempDir private Path directory;

    @Test
    void captureIsMeasuredByItsSnapshot() throws Exception {
        PrometheusText text = scrape(Fakes.observed(Fakes.services()));

        assertThat(text.value("tidemark_capture_transactions_total")).isEqualTo(40);
        assertThat(text.value("tidemark_capture_changes_total")).isEqualTo(1_234);
        assertThat(text.value("tidemark_capture_sent_bytes_total")).isEqualTo(56_789);
        assertThat(text.value("tidemark_capture_sent_position")).isEqualTo(0x1_0000_0010L);
        assertThat(text.value("tidemark_capture_sent_timestamp_seconds")).isEqualTo(UNIX_NOW - 1.5);
        assertThat(text.value("tidemark_capture_acknowledged_position")).isEqualTo(0x1_0000_0000L);
        assertThat(text.value("tidemark_capture_acknowledged_timestamp_seconds"))
                .isEqualTo(UNIX_NOW - 2.5);
        assertThat(text.value("tidemark_capture_lag_seconds")).isEqualTo(2.5);
        assertThat(text.value("tidemark_capture_latency_median_seconds")).isEqualTo(0.012);
        assertThat(text.value("tidemark_capture_latency_p99_seconds")).isEqualTo(0.25);
        assertThat(text.value("tidemark_capture_streaming")).isOne();
        assertThat(text.value("tidemark_capture_standing_by")).isZero();
    }

    @Test
    void theArchiverIsMeasuredByItsProgress() throws Exception {
        PrometheusText text = scrape(Fakes.observed(Fakes.services()));

        assertThat(text.value("tidemark_archiver_segments_total")).isEqualTo(7);
        assertThat(text.value("tidemark_archiver_changes_total")).isEqualTo(1_200);
        assertThat(text.value("tidemark_archiver_published_bytes_total")).isEqualTo(98_765);
        assertThat(text.value("tidemark_archiver_archived_position")).isEqualTo(0xFFFF_FFF0L);
        assertThat(text.value("tidemark_archiver_archived_timestamp_seconds"))
                .isEqualTo(UNIX_NOW - 9);
        assertThat(text.value("tidemark_archiver_lag_seconds")).isEqualTo(9);
        assertThat(text.value("tidemark_archiver_segment_age_seconds")).isEqualTo(3);
        assertThat(text.value("tidemark_archiver_manifest_number")).isEqualTo(11);
        assertThat(text.value("tidemark_archiver_working")).isOne();
        assertThat(text.value("tidemark_archiver_standing_by")).isZero();
    }

    @Test
    void sourceAndDisksAreMeasuredByTheLastLook() throws Exception {
        PrometheusText text = scrape(Fakes.observed(Fakes.services()));

        assertThat(text.value("tidemark_source_up")).isOne();
        assertThat(text.value("tidemark_slot_held_bytes")).isEqualTo(4_096);
        assertThat(text.value("tidemark_slot_safe_bytes")).isEqualTo(8_192);
        assertThat(text.value("tidemark_slot_forecast_seconds")).isEqualTo(600);
        assertThat(text.value("tidemark_slot_wal_status{status=\"extended\"}")).isOne();
        assertThat(text.value("tidemark_slot_wal_status{status=\"reserved\"}")).isZero();
        assertThat(text.value("tidemark_disk_free_bytes{place=\"archive\"}")).isEqualTo(2e9);
        assertThat(text.value("tidemark_disk_forecast_seconds{place=\"archive\"}"))
                .isEqualTo(7_200);
        assertThat(text.value("tidemark_disk_forecast_seconds{place=\"kafka\"}")).isNaN();
    }

    @Test
    void objectivesAreComparedWithTheArchive() throws Exception {
        PrometheusText text = scrape(Fakes.observed(Fakes.services()));

        assertThat(text.value("tidemark_rpo_objective_seconds")).isEqualTo(10);
        assertThat(text.value("tidemark_rpo_seconds")).isEqualTo(9);
        assertThat(text.value("tidemark_rpo_objective_met")).isOne();
        assertThat(text.value("tidemark_rto_objective_seconds")).isEqualTo(3_600);
        assertThat(text.value("tidemark_rto_seconds")).isEqualTo(61.5);
        assertThat(text.value("tidemark_rto_objective_met")).isOne();
    }

    @Test
    void gapsAndTheLastProofsAreToldOfTheArchive() throws Exception {
        PrometheusText text = scrape(Fakes.observed(Fakes.services()));

        assertThat(text.value("tidemark_archive_gaps")).isEqualTo(2);
        assertThat(text.value("tidemark_verified_timestamp_seconds")).isEqualTo(UNIX_NOW - 3_600);
        assertThat(text.value("tidemark_verified_manifest_number")).isEqualTo(10);
        assertThat(text.value("tidemark_restored_timestamp_seconds")).isEqualTo(UNIX_NOW - 3_600);
    }

    @Test
    void retriesAreCountedByService() throws Exception {
        ServiceState archiver = Fakes.service("archiver", Fakes.NOW);
        archiver.retrying();
        archiver.running();
        archiver.retrying();

        PrometheusText text = scrape(Fakes.observed(List.of(archiver)));

        assertThat(text.value("tidemark_service_retries_total{service=\"archiver\"}")).isEqualTo(2);
        assertThat(text.value("tidemark_service_retrying{service=\"archiver\"}")).isOne();
        assertThat(
                        text.value(
                                "tidemark_service_last_error_timestamp_seconds{service=\"archiver\"}"))
                .isEqualTo(UNIX_NOW);
        assertThat(text.value("tidemark_ready")).isZero();
    }

    @Test
    void onStandbyTheLagIsAnotherOnes() throws Exception {
        Observed standingBy =
                new Observed(
                        Fakes.services(),
                        Optional.of(() -> Fakes.capture(Capture.State.STANDING_BY)),
                        Optional.of(() -> Fakes.archiver(ArchiverProgress.State.STANDING_BY)),
                        Optional.empty(),
                        Optional.empty());

        PrometheusText text = scrape(standingBy);

        assertThat(text.value("tidemark_capture_lag_seconds")).isNaN();
        assertThat(text.value("tidemark_archiver_lag_seconds")).isNaN();
        assertThat(text.value("tidemark_rpo_seconds")).isNaN();
        assertThat(text.value("tidemark_rpo_objective_met")).isNaN();
        assertThat(text.value("tidemark_ready")).isOne();
    }

    @Test
    void nothingIsKnownOfAnArchiverThatHasNotBegun() throws Exception {
        Observed begun =
                new Observed(
                        Fakes.services(),
                        Optional.empty(),
                        Optional.of(() -> ArchiverProgress.NONE),
                        Optional.empty(),
                        Optional.empty());

        PrometheusText text = scrape(begun);

        assertThat(text.value("tidemark_archiver_archived_timestamp_seconds")).isNaN();
        assertThat(text.value("tidemark_archiver_lag_seconds")).isNaN();
        assertThat(text.value("tidemark_archiver_segment_age_seconds")).isZero();
        assertThat(text.names()).noneMatch(name -> name.startsWith("tidemark_capture"));
        assertThat(text.names()).noneMatch(name -> name.startsWith("tidemark_slot"));
    }

    private PrometheusText scrape(Observed observed) throws Exception {
        Configuration configuration = Fakes.configuration(directory, "");
        try (Observation observation = Observation.bind(configuration, Fakes.CLOCK)) {
            return PrometheusText.parse(
                    observation
                            .meters(observed, DiskLook.places(configuration))
                            .scrape(Fakes.reading(observed)));
        }
    }
}
