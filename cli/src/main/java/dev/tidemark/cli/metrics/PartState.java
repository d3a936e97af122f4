package dev.tidemark.cli.metrics;

import java.util.Locale;

/** How a service fares, in one word for people and alerts. */
enum PartState {
    STARTING,
    STREAMING,
    WORKING,
    RUNNING,
    STANDING_BY,
    /** Capture has a session, or the archiver the topic, and nothing gets through it. */
    SILENT,
    RETRYING,
    ENDED;

    /** Does it what it is there for? */
    boolean isWell() {
        return switch (this) {
            case STREAMING, WORKING, RUNNING, STANDING_BY -> true;
            case STARTING, SILENT, RETRYING, ENDED -> false;
        };
    }

    /** {@code standing by}. */
    String words() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
