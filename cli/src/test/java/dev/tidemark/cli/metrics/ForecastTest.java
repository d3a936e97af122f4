package dev.tidemark.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private final Forecast forecast = new Forecast();

    @Test
    void whatShrinksEvenlyIsUsedUpAtThatPace() {
        double seconds = Double.NaN;
        for (int second = 0; second <= 120; second += 10) {
            seconds = forecast.add(at(second), 10_000 - 5.0 * second);
        }

        assertThat(seconds).isCloseTo(9_400 / 5.0, within(1e-6));
    }

    @Test
    void whatGrowsOrStaysIsNotUsedUp() {
        for (int second = 0; second <= 120; second += 10) {
            assertThat(forecast.add(at(second), 1_000 + second)).isNaN();
        }
        Forecast still = new Forecast();
        for (int second = 0; second <= 120; second += 10) {
            assertThat(still.add(at(second), 1_000)).isNaN();
        }
    }

    @Test
    void aMinuteIsNeededForAnAnswer() {
        for (int second = 0; second < 60; second += 10) {
            assertThat(forecast.add(at(second), 1_000 - second)).isNaN();
        }
        assertThat(forecast.add(at(60), 940)).isCloseTo(940, within(1e-6));
    }

    @Test
    void anOldPaceIsForgotten() {
        for (int second = 0; second <= 600; second += 10) {
            var unused = forecast.add(at(second), 1e6 - 1_000.0 * second);
        }
        double seconds = Double.NaN;
        for (int second = 610; second <= 1_210; second += 10) {
            seconds = forecast.add(at(second), 400_000 - (second - 600));
        }

        assertThat(seconds).isCloseTo(399_390, within(1e-3));
    }

    @Test
    void whatIsForgottenHasNoPace() {
        for (int second = 0; second <= 120; second += 10) {
            var unused = forecast.add(at(second), 1_000 - second);
        }
        forecast.forget();

        assertThat(forecast.add(at(130), 870)).isNaN();
    }

    private static Instant at(int second) {
        return Fakes.NOW.plusSeconds(second);
    }
}
