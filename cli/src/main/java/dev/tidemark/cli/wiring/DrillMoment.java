package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.TidemarkException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The moment that a drill restores, with the way there.
 *
 * @param untold what is not known at it
 * @param seed it was drawn with
 */
record DrillMoment(RestorePlan plan, Untold untold, Optional<Long> seed) {
    /** Moments by chance that cannot be restored are drawn anew so often. */
    static final int DRAWS_MAX = 20;

    /**
     * This one.
     *
     * @throws TidemarkException (refused) when it cannot be restored
     */
    static DrillMoment of(RestoreJob job, Target target) {
        return of(job, target, Optional.empty());
    }

    private static DrillMoment of(RestoreJob job, Target target, Optional<Long> seed) {
        RestorePlan plan = job.plan(target);
        return new DrillMoment(plan, job.untold(plan), seed);
    }

    /** What is archived now, for who only needs to know about how much that is. */
    static DrillMoment now(RestoreJob job) {
        RestorePlan plan = job.plan(new Target(new Moment.Latest(), false));
        Untold later = Untold.notLookedAt(plan.cut().position(), Optional.empty());
        return new DrillMoment(plan, later, Optional.empty());
    }

    /**
     * One by chance. A moment beside a schema change that nobody told of cannot be restored, and is
     * drawn anew; each that was is told, since an archive full of them proves little.
     *
     * @throws TidemarkException (refused) of the last one, when none could be restored
     */
    static DrillMoment drawn(RestoreJob job, long seed, Consumer<String> told) {
        RandomMoment moments = RandomMoment.of(job.archive().state().stretches(), seed);
        for (int draw = 1; ; draw++) {
            Moment moment = moments.next();
            try {
                return of(job, new Target(moment, false), Optional.of(seed));
            } catch (TidemarkException e) {
                if (e.kind() != TidemarkException.Kind.REFUSED) {
                    throw e;
                }
                if (draw == DRAWS_MAX) {
                    throw TidemarkException.refused(
                            "none of %d moments by chance can be restored; the last: %s"
                                    .formatted(DRAWS_MAX, e.getMessage()),
                            e.hint(),
                            e);
                }
                told.accept(
                        "the moment %s was drawn and cannot be restored, so that another one was: %s"
                                .formatted(moment, e.getMessage()));
            }
        }
    }
}
