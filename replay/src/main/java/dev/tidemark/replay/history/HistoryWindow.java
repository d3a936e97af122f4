package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which part of the archive's history is asked for.
 *
 * @param since the stretch that it begins in
 * @param after changes after this position of that stretch are in it; empty for all
 * @param until the stretch that it ends in
 * @param end how far that is read
 * @param to the last position of it
 */
record HistoryWindow(int since, Optional<Position> after, int until, Until end, Position to) {
    /**
     * That of a request.
     *
     * @throws TidemarkException when a moment is not in the archive, naming what is
     */
    static HistoryWindow of(Archive archive, Path temporary, HistoryRequest request)
            throws IOException {
        Planner planner = new Planner(archive, temporary);
        List<Stretch> stretches = archive.state().stretches();
        if (stretches.isEmpty()) {
            throw TidemarkException.refused(
                    "the archive " + archive.url() + " holds no base yet",
                    "Wait until 'tidemark init' has finished, or run it again.");
        }
        int last = stretches.size() - 1;
        Stretch newest = stretches.getLast();
        HistoryWindow all =
                new HistoryWindow(0, Optional.empty(), last, Until.end(newest), newest.to());
        HistoryWindow window = all;
        if (request.until().filter(moment -> !(moment instanceof Moment.Latest)).isPresent()) {
            RestorePlan plan = planner.plan(new Target(request.until().get(), false));
            Stretch of = archive.state().stretchOf(plan.base());
            window =
                    new HistoryWindow(
                            0,
                            Optional.empty(),
                            stretches.indexOf(of),
                            Until.of(of, plan),
                            plan.cut().position());
        }
        return request.since().isPresent()
                ? window.since(archive, planner, request.since().get())
                : window;
    }

    private HistoryWindow since(Archive archive, Planner planner, Moment moment)
            throws IOException {
        RestorePlan plan = before(planner, moment);
        int begin = archive.state().stretches().indexOf(archive.state().stretchOf(plan.base()));
        Position position = plan.cut().position();
        if (begin > until || (begin == until && to.isBefore(position))) {
            throw TidemarkException.usage(
                    "--since %s is later than --until".formatted(moment),
                    "Give --since the earlier one of the two.");
        }
        return new HistoryWindow(begin, Optional.of(position), until, end, to);
    }

    /** What the moment itself names is wanted too, unless it is the first one, or between two. */
    private static RestorePlan before(Planner planner, Moment moment) throws IOException {
        boolean isBetween = moment instanceof Moment.AtMark || moment instanceof Moment.Latest;
        if (isBetween) {
            return planner.plan(new Target(moment, false));
        }
        try {
            return planner.plan(new Target(moment, true));
        } catch (TidemarkException e) {
            return planner.plan(new Target(moment, false));
        }
    }

    /** Is a position of a stretch in it? */
    boolean holds(int stretch, Position position) {
        boolean isLate =
                stretch > since
                        || (stretch == since
                                && after.filter(begin -> !position.isAfter(begin)).isEmpty());
        return isLate && (stretch < until || (stretch == until && !position.isAfter(to)));
    }

    /** What is not known of the time that it covers, for people. */
    List<String> holes(List<Stretch> stretches) {
        List<String> holes = new ArrayList<>();
        if (since == 0 && after.isEmpty() && stretches.getFirst().hasExpiredBefore()) {
            holes.add(
                    "what was before %s has expired: nothing of it is known"
                            .formatted(stretches.getFirst().base().span().latestCommit()));
        }
        for (int i = since + 1; i <= until; i++) {
            Stretch before = stretches.get(i - 1);
            Stretch later = stretches.get(i);
            String why =
                    later.gap()
                            .map(gap -> "is lost in a gap (" + gap.reason() + ")")
                            .orElse("has expired");
            holes.add(
                    "what was committed between %s and %s %s: of the row only the difference is known"
                            .formatted(
                                    before.end().span().latestCommit(),
                                    later.base().span().latestCommit(),
                                    why));
        }
        return holes;
    }
}
