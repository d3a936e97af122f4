package dev.tidemark.replay.query;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a history tells of: what was committed after one cut, up to another, through all stretches
 * of the archive in between. Immutable.
 *
 * @param stretches in their order
 * @param isFromStart do the rows of the first one's base belong to it?
 */
public record BetweenCuts(List<Between> stretches, boolean isFromStart) {
    public BetweenCuts {
        stretches = List.copyOf(stretches);
    }

    /**
     * Finds it.
     *
     * @param since what it has comes before the window; empty for all that the archive holds
     * @throws TidemarkException (usage) when the later cut comes before the earlier
     */
    public static BetweenCuts of(
            Archive archive, Optional<RestorePlan> since, RestorePlan until, Path temporary)
            throws IOException {
        List<Stretch> all = archive.state().stretches();
        int last = all.indexOf(archive.state().stretchOf(until.base()));
        int first =
                since.isEmpty() ? 0 : all.indexOf(archive.state().stretchOf(since.get().base()));
        List<Between> stretches = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            Stretch stretch = all.get(i);
            Position after =
                    i == first
                            ? since.map(plan -> plan.cut().position()).orElse(stretch.from())
                            : stretch.from();
            Position to = i == last ? until.cut().position() : stretch.to();
            if (to.isBefore(after)) {
                throw backwards(since, until);
            }
            stretches.add(Between.of(archive, stretch, after, to, temporary));
        }
        if (stretches.isEmpty()) {
            throw backwards(since, until);
        }
        return new BetweenCuts(stretches, since.isEmpty());
    }

    private static TidemarkException backwards(Optional<RestorePlan> since, RestorePlan until) {
        return TidemarkException.usage(
                "the history would begin %s and end %s"
                        .formatted(
                                since.map(plan -> plan.target().toString()).orElse(""),
                                until.target()),
                "Give --since a moment that is not later than --until, or than --as-of where that is not given.");
    }

    /** Do the rows of a stretch's base belong to it? */
    public boolean hasBase(Between between) {
        return isFromStart || !between.equals(stretches.getFirst());
    }

    /** What is not known within it, one a line, for people. */
    public List<String> holes() {
        List<String> holes = new ArrayList<>();
        for (int i = 1; i < stretches.size(); i++) {
            Stretch before = stretches.get(i - 1).stretch();
            Stretch after = stretches.get(i).stretch();
            Optional<Gap> gap = after.gap();
            String what =
                    gap.isPresent()
                            ? "is in a gap, and not known: " + gap.get().reason()
                            : "has expired";
            holes.add(
                    "what was committed after %s (%s) and is not in the base of %s (%s) %s"
                            .formatted(
                                    before.to(),
                                    before.end().span().latestCommit(),
                                    after.from(),
                                    after.base().span().latestCommit(),
                                    what));
        }
        return holes;
    }
}
