package dev.tidemark.cli.config;

import dev.tidemark.schemas.database.DatabaseUrl;
import java.time.Duration;
import java.util.Optional;

/**
 * How the archiver proves that restores work.
 *
 * @param interval so often; empty for never
 * @param into the scratch database; empty for an embedded server
 * @param jobs sessions that restore side by side
 * @param heapBytes of the process that a drill is
 * @param holdMax so long a snapshot of the source may be held, in a drill by hand too
 */
public record DrillSettings(
        Optional<Duration> interval,
        Optional<DatabaseUrl> into,
        int jobs,
        long heapBytes,
        Duration holdMax) {}
