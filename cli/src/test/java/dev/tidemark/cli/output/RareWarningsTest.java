package dev.tidemark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import org.junit.jupiter.api.Test;

final class RareWarningsTest {
    private final RareWarnings filter = new RareWarnings();
    private final LoggerContext loggers = new LoggerContext();

    @Test
    void ofKafkasClientsOnlyTheFirstWarningInAWhileIsLetThrough() {
        assertThat(decide("org.apache.kafka.clients.NetworkClient", Level.WARN))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("org.apache.kafka.clients.NetworkClient", Level.WARN))
                .isEqualTo(FilterReply.DENY);
        assertThat(decide("org.apache.kafka.clients.consumer.Consumer", Level.WARN))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    @Test
    void errorsAndOurOwnWarningsAreNeverHeldBack() {
        for (int i = 0; i < 3; i++) {
            assertThat(decide("org.apache.kafka.clients.NetworkClient", Level.ERROR))
                    .isEqualTo(FilterReply.NEUTRAL);
            assertThat(decide("dev.tidemark.capture.Capture", Level.WARN))
                    .isEqualTo(FilterReply.NEUTRAL);
        }
    }

    private FilterReply decide(String logger, Level level) {
        return filter.decide(null, loggers.getLogger(logger), level, "away", null, null);
    }
}
