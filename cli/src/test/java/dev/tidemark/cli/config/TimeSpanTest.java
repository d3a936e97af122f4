package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Durations on the command line. */
final class TimeSpanTest {
    @Test
    void theyAreWrittenAsInTheConfigurationAndAsIsoHasThem() {
        assertThat(TimeSpan.parse("1h")).isEqualTo(Duration.ofHours(1));
        assertThat(TimeSpan.parse("500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(TimeSpan.parse("PT1H30M")).isEqualTo(Duration.ofMinutes(90));
        assertThat(TimeSpan.parse("P1D")).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void anythingElseIsRefused() {
        for (String text :
                List.of("", "1", "h", "-1h", "-PT1H", "PT-1H", "P1Y", "999999999d", "1 h")) {
            TidemarkException refused =
                    catchThrowableOfType(TidemarkException.class, () -> TimeSpan.parse(text));

            assertThat(refused).as(text).hasMessage("not a duration: '%s'", text);
            assertThat(refused.kind()).isEqualTo(TidemarkException.Kind.USAGE);
        }
    }
}
