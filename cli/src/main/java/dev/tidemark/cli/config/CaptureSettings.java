package dev.tidemark.cli.config;

import java.time.Duration;

/**
 * How capture shows that it lives.
 *
 * @param heartbeat an idle source's log gets a record so often
 * @param catalogInterval how often the source reads its whole catalog
 * @param takeoverAfter a capture on standby takes over after this long without a record
 */
public record CaptureSettings(
        Duration heartbeat, Duration catalogInterval, Duration takeoverAfter) {}
