package dev.tidemark.cli.demo;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Lets the services say only what is wrong, until it is closed: the demo tells the rest. */
final class QuietLogs implements AutoCloseable {
    private static final List<String> SERVICES =
            List.of("dev.tidemark.archiver", "dev.tidemark.capture");

    private final Map<Logger, @Nullable Level> before = new LinkedHashMap<>();

    private QuietLogs() {}

    static QuietLogs begin() {
        QuietLogs quiet = new QuietLogs();
        for (String name : SERVICES) {
            // Another logger than Logback is not configured by us either.
            if (LoggerFactory.getLogger(name) instanceof Logger logger) {
                quiet.before.put(logger, logger.getLevel());
                logger.setLevel(Level.WARN);
            }
        }
        return quiet;
    }

    @Override
    public void close() {
        before.forEach(Logger::setLevel);
    }
}
