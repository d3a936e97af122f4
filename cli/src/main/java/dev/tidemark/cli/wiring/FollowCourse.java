package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides how far a database that follows an archive goes next.
 *
 * @param temporary a folder for files while they are read
 * @param delay how far it stays behind the clock, by the commit times
 */
record FollowCourse(Archive archive, Path temporary, Duration delay, Clock clock) {
    /** Is a database where a plan leads to? */
    boolean isAt(RestoreRecord at, RestorePlan plan) {
        return origin(plan) == at.stretch() && plan.cut().position().equals(at.position());
    }

    private long origin(RestorePlan plan) {
        return archive.state().stretchOf(plan.base()).origin().number();
    }

    /**
     * The next step forwards, if there is one by now.
     *
     * @param end where it is to stop, when that is known
     * @throws TidemarkException (refused) at the end of what the archive holds without a gap
     */
    Optional<RestorePlan> next(RestoreRecord at, Optional<RestorePlan> end) throws IOException {
        Optional<RestorePlan> goal = end.filter(plan -> origin(plan) == at.stretch());
        if (goal.isPresent() && isOldEnough(goal.get())) {
            return goal;
        }
        List<Stretch> stretches = archive.state().stretches();
        Optional<Stretch> own = own(stretches, at.stretch(), at.position());
        if (own.isEmpty()) {
            return Optional.of(plan(new Moment.Latest())); // that there is no way is told there
        }
        int after = stretches.indexOf(own.get()) + 1;
        Optional<Stretch> following =
                after < stretches.size() ? Optional.of(stretches.get(after)) : Optional.empty();
        if (own.get().to().isAfter(at.position())) {
            Optional<RestorePlan> next = within(own.get(), following, at);
            return goal.isPresent() && next.filter(plan -> isBeyond(plan, goal.get())).isPresent()
                    ? goal
                    : next;
        }
        if (following.isPresent()) {
            throw gap(at, following.get());
        }
        return Optional.empty();
    }

    private boolean isOldEnough(RestorePlan goal) {
        Instant time = clock.instant().minus(delay);
        Instant there =
                goal.cut()
                        .last()
                        .map(TransactionRecord::commitTime)
                        .orElse(goal.base().span().latestCommit());
        return delay.isZero() || !there.isAfter(time);
    }

    /** After a failover clocks may differ, and the delay let it go past the goal. */
    private static boolean isBeyond(RestorePlan plan, RestorePlan goal) {
        return plan.cut().position().isAfter(goal.cut().position());
    }

    /**
     * The stretch that a position is in. Of one origin there are several when something in the
     * midst expired; a database that followed the change log may be ahead of the last of them.
     */
    static Optional<Stretch> own(List<Stretch> stretches, long origin, Position position) {
        List<Stretch> ofOrigin =
                stretches.stream().filter(one -> one.origin().number() == origin).toList();
        Optional<Stretch> holding =
                ofOrigin.reversed().stream().filter(one -> one.holds(position)).findFirst();
        return holding.isPresent()
                ? holding
                : ofOrigin.reversed().stream()
                        .limit(1)
                        .filter(last -> position.isAfter(last.to()))
                        .findFirst();
    }

    /** As far as the stretch and the delay let it go. */
    private Optional<RestorePlan> within(Stretch own, Optional<Stretch> following, RestoreRecord at)
            throws IOException {
        Instant time = clock.instant().minus(delay);
        if (!delay.isZero() && time.isBefore(at.commitTime())) {
            return Optional.empty(); // it is not that old yet
        }
        boolean isAllOfIt =
                delay.isZero()
                        || !own.end().span().latestCommit().isAfter(time)
                        // After a failover clocks may differ.
                        || following
                                .filter(next -> !next.base().span().latestCommit().isAfter(time))
                                .isPresent();
        RestorePlan plan = isAllOfIt ? whole(own, following) : plan(new Moment.AtTime(time));
        return plan.cut().position().isAfter(at.position()) ? Optional.of(plan) : Optional.empty();
    }

    private RestorePlan whole(Stretch own, Optional<Stretch> following) throws IOException {
        return following.isEmpty()
                ? plan(new Moment.Latest())
                : new Planner(archive, temporary).plan(own.origin().number(), own.to());
    }

    private RestorePlan plan(Moment moment) throws IOException {
        return new Planner(archive, temporary).plan(new Target(moment, false));
    }

    private static TidemarkException gap(RestoreRecord at, Stretch following) {
        String why =
                following
                        .gap()
                        .map(Gap::reason)
                        .orElse("the archive keeps nothing of what was between");
        return TidemarkException.refused(
                "there is no way on from %s (%s): the archive goes on at %s (%s) after a gap: %s"
                        .formatted(
                                at.position(),
                                at.commitTime(),
                                following.from(),
                                following.base().span().latestCommit(),
                                why),
                "The database is as the source was just before the gap, and can be used. To follow on,"
                        + " restore it anew: 'tidemark restore --to latest --into … --replace --confirm'.");
    }
}
