package dev.tidemark.cli.config;

import dev.tidemark.capture.prepare.Acknowledgement;
import java.time.Duration;
import java.util.Optional;

/**
 * How capture shows that it lives, and what is too much for it.
 *
 * @param heartbeat an idle source's log gets a record so often
 * @param catalogInterval how often the source reads its whole catalog
 * @param takeoverAfter a capture on standby takes over after this long without a record
 * @param rowBytesMax it stops at a larger row; what the heap allows when not given
 * @param acknowledge does the source wait for it?
 * @param walBytesMax when the source keeps more of its log than this, the slot is given up
 */
public record CaptureSettings(
        Duration heartbeat,
        Duration catalogInterval,
        Duration takeoverAfter,
        Optional<Long> rowBytesMax,
        Acknowledgement acknowledge,
        Optional<Long> walBytesMax) {}
