package dev.tidemark.replay.search;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.archive.plan.Between;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.history.Contexts;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.replay.query.BetweenCuts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The segments of a window, numbered through all its stretches. Immutable.
 *
 * @param stretches in their order
 * @param parts of all of them
 * @param holes what is not known within it, for people
 */
record Window(List<Between> stretches, List<Part> parts, List<String> holes) {
    /**
     * A segment of it.
     *
     * @param stretch the number of its stretch
     */
    record Part(int number, int stretch, Between.Part of) {}

    /**
     * Where a stretch of it begins, and what was added to tables since.
     *
     * @param added which is learnt as the stretch is read
     */
    record Beginning(Between between, AddedColumns added) {
        static Beginning of(Between between) {
            return new Beginning(between, new AddedColumns());
        }
    }

    Window {
        stretches = List.copyOf(stretches);
        parts = List.copyOf(parts);
        holes = List.copyOf(holes);
    }

    /** Which cluster a stretch is of. */
    static String system(SegmentScan.Reading reading, Stretch stretch) {
        return stretch.systemId().orElse(reading.archive().identity().systemId());
    }

    /**
     * Finds it.
     *
     * @throws TidemarkException when a moment is not in the archive, naming what is, or when it
     *     would end before it begins
     */
    static Window of(
            Archive archive, Path temporary, Optional<Moment> since, Optional<Moment> until)
            throws IOException {
        Planner planner = new Planner(archive, temporary);
        RestorePlan end = planner.plan(new Target(until.orElse(new Moment.Latest()), false));
        Optional<RestorePlan> begin = Optional.empty();
        if (since.isPresent()) {
            begin = Optional.of(before(planner, since.get()));
            checkOrder(archive, begin.get(), end);
        }
        BetweenCuts window = BetweenCuts.of(archive, begin, end, temporary);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < window.stretches().size(); i++) {
            for (Between.Part part : window.stretches().get(i).parts()) {
                parts.add(new Part(parts.size(), i, part));
            }
        }
        List<String> holes = new ArrayList<>();
        Stretch first = archive.state().stretches().getFirst();
        if (since.isEmpty() && first.hasExpiredBefore()) {
            holes.add(
                    "what was before %s has expired: nothing of it is known"
                            .formatted(first.base().span().latestCommit()));
        }
        holes.addAll(window.holes());
        return new Window(window.stretches(), parts, holes);
    }

    private static void checkOrder(Archive archive, RestorePlan begin, RestorePlan end) {
        List<Stretch> all = archive.state().stretches();
        int first = all.indexOf(archive.state().stretchOf(begin.base()));
        int last = all.indexOf(archive.state().stretchOf(end.base()));
        boolean isBackwards =
                first > last
                        || (first == last && end.cut().position().isBefore(begin.cut().position()));
        if (isBackwards) {
            throw TidemarkException.usage(
                    "--since %s is later than --until %s"
                            .formatted(begin.target().moment(), end.target().moment()),
                    "Give --since the earlier one of the two.");
        }
    }

    /** What the moment itself names is wanted too, unless it is the first one, or between two. */
    private static RestorePlan before(Planner planner, Moment moment) throws IOException {
        boolean isBetween = moment instanceof Moment.AtMark || moment instanceof Moment.Latest;
        if (!isBetween) {
            try {
                return planner.plan(new Target(moment, true));
            } catch (TidemarkException e) {
                // The first one has nothing before it: then it is in the base, or refused below.
                return planner.plan(new Target(moment, false));
            }
        }
        return planner.plan(new Target(moment, false));
    }

    /** What names some transactions of a segment, by their indexes. */
    Map<Integer, Committed> transactions(
            Archive archive, int part, SortedSet<Integer> indexes, Path temporary)
            throws IOException {
        return SegmentTransactions.some(
                archive, parts.get(part).of().segment(), indexes, temporary);
    }

    /** Who acts in some transactions of a segment, by their indexes, where something was said. */
    Map<Integer, TransactionContext> said(
            Archive archive, int part, SortedSet<Integer> indexes, Path temporary)
            throws IOException {
        return indexes.isEmpty()
                ? Map.of()
                : Contexts.of(archive, parts.get(part).of().segment(), indexes, temporary);
    }

    /** The number of a segment's stretch in the archive. */
    int stretch(Archive archive, int part) {
        Stretch of = stretches.get(parts.get(part).stretch()).stretch();
        return archive.state().stretches().indexOf(of);
    }
}
