package dev.tidemark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class FailedClosingsTest {
    private static final String THREADS = "io.debezium.util.Threads";
    private static final String REPLICATION =
            "io.debezium.connector.postgresql.connection.PostgresReplicationConnection";

    private final FailedClosings filter = new FailedClosings();
    private final LoggerContext loggers = new LoggerContext();

    @Test
    void thatASessionWhichIsGoneCannotBeClosedIsLeftOut() {
        assertThat(decide(THREADS, "Operation {} failed", "jdbc-connection-close"))
                .isEqualTo(FilterReply.DENY);
        assertThat(decide(REPLICATION, "Unexpected error while closing Postgres connection"))
                .isEqualTo(FilterReply.DENY);
    }

    @Test
    void allElseStays() {
        assertThat(decide(THREADS, "Operation {} failed", "jdbc-connect"))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(THREADS, "Operation {} timed out after {} ms", "jdbc-connection-close"))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(REPLICATION, "Unexpected error while dropping replication slot"))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide(REPLICATION, null)).isEqualTo(FilterReply.NEUTRAL);
        assertThat(decide("dev.tidemark.capture.Capture", "Operation {} failed", "x"))
                .isEqualTo(FilterReply.NEUTRAL);
    }

    private FilterReply decide(String logger, @Nullable String format, Object... arguments) {
        return filter.decide(null, loggers.getLogger(logger), Level.ERROR, format, arguments, null);
    }
}
