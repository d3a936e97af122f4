package dev.tidemark.cli.output;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Lets each of Kafka's client classes warn at most twice a minute: an outage is told, and does not
 * fill the log. Any thread may use it.
 */
public final class RareWarnings extends TurboFilter {
    private static final String CLIENTS = "org.apache.kafka.clients.";

    /** As often as a service that waits says so itself. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Map<String, Long> lastNanos = new ConcurrentHashMap<>();

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] arguments,
            @Nullable Throwable error) {
        // Without a format it is a question whether the level is enabled, not a warning.
        if (level != Level.WARN || format == null || !logger.getName().startsWith(CLIENTS)) {
            return FilterReply.NEUTRAL;
        }
        long now = System.nanoTime();
        long last = lastNanos.merge(logger.getName(), now, RareWarnings::earlierUnlessLongAgo);
        return last == now ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    private static Long earlierUnlessLongAgo(Long last, Long now) {
        return now - last < PAUSE.toNanos() ? last : now;
    }
}
