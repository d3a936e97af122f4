package dev.tidemark.replay.evidence;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which time a question is about, as positions of the archive, and what the archive does not hold
 * of it. Immutable.
 *
 * @param moments in their order
 * @param unknown in the order of time
 */
public record AskedWindow(List<AskedMoment> moments, List<UnknownTime> unknown) {
    /**
     * A moment as somebody wrote it, and what that is in this archive.
     *
     * @param name what it is to the question: {@code since}, {@code until}
     * @param position of the last transaction up to it; of the one before it where the question
     *     begins
     * @param committed when that one was committed, by the source's clock
     */
    public record AskedMoment(String name, String asked, Position position, Instant committed) {}

    /**
     * A time of which changes are not known.
     *
     * @param after the last commit before it; empty when nothing before is known at all
     * @param until no commit up to its end is later
     */
    public record UnknownTime(
            Optional<Instant> after,
            Optional<Position> from,
            Instant until,
            Position to,
            String reason) {}

    public AskedWindow {
        moments = List.copyOf(moments);
        unknown = List.copyOf(unknown);
    }

    /**
     * That of a question.
     *
     * @param since where it begins, which is included; empty for all that the archive holds
     * @param until where it ends, which is included
     * @throws TidemarkException when a moment is not in the archive
     */
    public static AskedWindow of(
            Archive archive, Path temporary, Optional<Moment> since, Moment until)
            throws IOException {
        Planner planner = new Planner(archive, temporary);
        List<AskedMoment> moments = new ArrayList<>();
        List<Stretch> stretches = archive.state().stretches();
        int first = 0;
        if (since.isPresent()) {
            RestorePlan plan = before(planner, since.get());
            first = stretches.indexOf(archive.state().stretchOf(plan.base()));
            moments.add(moment("since", since.get(), plan));
        }
        RestorePlan end = planner.plan(new Target(until, false));
        moments.add(moment("until", until, end));
        int last = stretches.indexOf(archive.state().stretchOf(end.base()));
        return new AskedWindow(moments, unknown(stretches, first, last, since.isEmpty()));
    }

    /** That of a question about one moment alone. */
    public static AskedWindow at(Archive archive, Path temporary, Target target)
            throws IOException {
        RestorePlan plan = new Planner(archive, temporary).plan(target);
        return new AskedWindow(List.of(moment("at", target.moment(), plan)), List.of());
    }

    /** That of a question about what differs between two moments, of which either may be first. */
    public static AskedWindow between(Archive archive, Path temporary, Target from, Target to)
            throws IOException {
        Planner planner = new Planner(archive, temporary);
        RestorePlan begin = planner.plan(from);
        RestorePlan end = planner.plan(to);
        List<Stretch> stretches = archive.state().stretches();
        int one = stretches.indexOf(archive.state().stretchOf(begin.base()));
        int other = stretches.indexOf(archive.state().stretchOf(end.base()));
        return new AskedWindow(
                List.of(moment("from", from.moment(), begin), moment("to", to.moment(), end)),
                unknown(stretches, Math.min(one, other), Math.max(one, other), false));
    }

    /** The same with another moment before its own. */
    public AskedWindow after(AskedWindow other) {
        List<AskedMoment> all = new ArrayList<>(other.moments);
        all.addAll(moments);
        return new AskedWindow(all, unknown);
    }

    /** What the moment itself names is wanted too, unless it is the first one, or between two. */
    private static RestorePlan before(Planner planner, Moment moment) throws IOException {
        if (!(moment instanceof Moment.AtMark || moment instanceof Moment.Latest)) {
            try {
                return planner.plan(new Target(moment, true));
            } catch (TidemarkException e) {
                return planner.plan(new Target(moment, false));
            }
        }
        return planner.plan(new Target(moment, false));
    }

    private static AskedMoment moment(String name, Moment asked, RestorePlan plan) {
        Instant committed =
                plan.cut()
                        .last()
                        .map(TransactionRecord::commitTime)
                        .orElse(plan.base().span().lastCommit());
        return new AskedMoment(name, asked.toString(), plan.cut().position(), committed);
    }

    private static List<UnknownTime> unknown(
            List<Stretch> stretches, int first, int last, boolean isFromStart) {
        List<UnknownTime> unknown = new ArrayList<>();
        Stretch begin = stretches.get(first);
        if (isFromStart && begin.hasExpiredBefore()) {
            unknown.add(
                    new UnknownTime(
                            Optional.empty(),
                            Optional.empty(),
                            begin.base().span().latestCommit(),
                            begin.from(),
                            "has expired"));
        }
        for (int i = first + 1; i <= last; i++) {
            Stretch before = stretches.get(i - 1);
            Stretch later = stretches.get(i);
            unknown.add(
                    new UnknownTime(
                            Optional.of(before.end().span().latestCommit()),
                            Optional.of(before.to()),
                            later.base().span().latestCommit(),
                            later.from(),
                            later.gap().map(Gap::reason).orElse("has expired")));
        }
        return unknown;
    }
}
