package dev.tidemark.cli.output;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Leaves out that Debezium could not close a session which is gone already, each time with a stack
 * trace or two: what ended it is thrown to us, and told in a line. All else that these classes say
 * stays. Any thread may use it.
 */
public final class FailedClosings extends TurboFilter {
    /** By class: how what it says begins. */
    private static final Map<String, String> SAID =
            Map.of(
                    "io.debezium.util.Threads",
                    "Operation {} failed",
                    "io.debezium.connector.postgresql.connection.PostgresReplicationConnection",
                    "Unexpected error while closing ");

    private static final String CLOSING = "jdbc-connection-close";

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable error) {
        String said = SAID.getOrDefault(logger.getName(), "");
        if (said.isEmpty() || format == null || !format.startsWith(said)) {
            return FilterReply.NEUTRAL;
        }
        boolean isOther =
                format.contains("{}")
                        && (arguments == null
                                || arguments.length == 0
                                || !CLOSING.equals(arguments[0]));
        return isOther ? FilterReply.NEUTRAL : FilterReply.DENY;
    }
}
