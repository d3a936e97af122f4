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
 * @param isExact are the segments after it kept that tell more of it: where sequences stood, and
 *     what of the schema had changed that nothing had told yet?
 */
record Need(String why, Stretch stretch, Manifest base, Position to, boolean isExact) {
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
        Position end = isExact ? told() : to;
        for (Manifest segment : stretch.segments()) {
            boolean isAfterBase = !segment.span().from().isBefore(from);
            if (isAfterBase && segment.span().from().isBefore(end)) {
                kept.add(segment);
                reached = segment.span().to();
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

    /**
     * The end of the segment that tells all: with the first look at the source's whole catalog that
     * is not before the moment. Without one, that of the next, since a sample of sequences comes
     * with each heartbeat.
     */
    private Position told() {
        List<Manifest> following =
                stretch.segments().stream().filter(one -> !one.span().from().isBefore(to)).toList();
        return following.stream()
                .filter(one -> one.look().filter(look -> !look.at().isBefore(to)).isPresent())
                .findFirst()
                .or(() -> following.stream().findFirst())
                .map(one -> one.span().to())
                .orElse(to);
    }

    /** The first moment. */
    Instant fromTime() {
        return base.span().latestCommit();
    }
}
