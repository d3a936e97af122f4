package dev.tidemark.archiver.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SegmentLimitsTest {
    private static final SegmentLimits LIMITS =
            new SegmentLimits(Duration.ofSeconds(5), Duration.ofSeconds(60), 1, 1);

    @Test
    void theAgeOfIdleSegmentsDoublesUpToItsLimit() {
        assertThat(LIMITS.idleAge(0)).isEqualTo(Duration.ofSeconds(5));
        assertThat(LIMITS.idleAge(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(LIMITS.idleAge(3)).isEqualTo(Duration.ofSeconds(40));
        assertThat(LIMITS.idleAge(4)).isEqualTo(Duration.ofSeconds(60));
        assertThat(LIMITS.idleAge(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void limitsMustBePositive() {
        assertThatThrownBy(() -> new SegmentLimits(Duration.ZERO, Duration.ZERO, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("limits of a segment must be positive");
    }
}
