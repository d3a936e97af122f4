package dev.tidemark.cli.output;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What libraries say by themselves. A command that somebody waits for tells in its own words what
 * does not answer, once; lines of a library's log beside that are of no use to who reads it.
 */
public final class LibraryLogs {
    /** It tells as an error what it throws, too: that a broker did not let it in. */
    private static final String KAFKAS_CONNECTIONS = "org.apache.kafka.clients.NetworkClient";

    private LibraryLogs() {}

    /** From here on they say only what is an error, for as long as this process runs. */
    public static void silence() {
        // Another logger than Logback is not configured by us either.
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            silence(context);
        }
    }

    static void silence(LoggerContext context) {
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.ERROR);
        context.getLogger(KAFKAS_CONNECTIONS).setLevel(Level.OFF);
    }
}
