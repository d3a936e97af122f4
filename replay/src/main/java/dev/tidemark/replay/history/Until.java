package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.change.Position;
import java.util.List;

/**
 * How far a stretch is read.
 *
 * @param segments so many of it
 * @param transactions of the last one of these so many
 */
record Until(int segments, int transactions) {
    /** To its end. */
    static Until end(Stretch stretch) {
        return new Until(stretch.segments().size(), Integer.MAX_VALUE);
    }

    /** Up to the cut of a plan through the stretch. */
    static Until of(Stretch stretch, RestorePlan plan) {
        Position position = plan.cut().position();
        if (!stretch.from().isBefore(position)) {
            return new Until(0, Integer.MAX_VALUE);
        }
        List<Position> ends =
                stretch.segments().stream().map(segment -> segment.span().to()).toList();
        int last = 0;
        while (ends.get(last).isBefore(position)) {
            last++;
        }
        boolean isWhole = ends.get(last).equals(position);
        return new Until(last + 1, isWhole ? Integer.MAX_VALUE : plan.cut().transactions());
    }

    /** Is a transaction of a segment before it, by its index? */
    boolean holds(int segment, int transaction) {
        return segment < segments - 1 || (segment == segments - 1 && transaction < transactions);
    }
}
