package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.change.Position;
import java.util.List;

/**
 * A base, the segments that follow it without a hole, and where to stop in the last of them.
 *
 * @param segments in commit order; empty when the base itself is the cut
 * @param following the segment after the last, where a sample of sequences may be found; at most
 *     one
 */
public record RestorePlan(
        Target target, Manifest base, List<Manifest> segments, Cut cut, List<Manifest> following) {
    public RestorePlan {
        segments = List.copyOf(segments);
        following = List.copyOf(following);
        Position reached = base.span().to();
        for (Manifest segment : segments) {
            if (!segment.span().from().equals(reached)) {
                throw new IllegalArgumentException(
                        "a plan with a hole between " + reached + " and " + segment.span().from());
            }
            reached = segment.span().to();
        }
        if (cut.position().isAfter(reached)) {
            throw new IllegalArgumentException(
                    "a cut at " + cut.position() + " after the end " + reached);
        }
    }

    /** Bytes to read. */
    public long bytes() {
        return base.dataBytes() + segments.stream().mapToLong(Manifest::dataBytes).sum();
    }

    /** Changes to read; those after the cut in the last segment included. */
    public long changes() {
        return segments.stream().mapToLong(segment -> segment.span().changes()).sum();
    }
}
