package dev.tidemark.archiver.expire;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Moments that are to be kept, and what they need: all from a base up to a position.
 *
 * @param why for people
 * @param base of the stretch
 * @param to not before the base
 * @param isExact are the segments after it kept that say where sequences stood then?
 */
record Need(String why, Stretch stretch, Manifest base, Position to, boolean isExact) {
    /** A sample of sequences comes with each heartbeat, of which a segment has some. */
    private static final int FOLLOWING = 1;

    /** Of all moments of a stretch from a base on. */
    static Need fromBase(String why, Stretch stretch, Manifest base) {
        return new Need(why, stretch, base, stretch.to(), false);
    }

    /** All that may not go. */
    List<Manifest> keeps() {
        List<Manifest> kept = new ArrayList<>();
        kept.add(base);
        Position from = base.span().to();
        Position reached = from;
        int following = isExact ? FOLLOWING : 0;
        for (Manifest segment : stretch.segments()) {
            if (segment.span().from().isBefore(from)) {
                continue;
            }
            boolean isWithin = segment.span().from().isBefore(to);
            if (isWithin || following > 0) {
                kept.add(segment);
                reached = segment.span().to();
                following -= isWithin ? 0 : 1;
            }
        }
        for (Manifest ofTables : stretch.tableBases()) {
            Position at = ofTables.span().to();
            if (!at.isBefore(from) && !at.isAfter(reached)) {
                kept.add(ofTables);
            }
        }
        return kept;
    }

    /** The first moment. */
    Instant fromTime() {
        return base.span().latestCommit();
    }
}
