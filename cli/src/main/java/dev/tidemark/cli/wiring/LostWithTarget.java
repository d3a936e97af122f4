package dev.tidemark.cli.wiring;

import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.util.Optional;

/** What would be lost with a target that is dropped for less than a whole database. */
final class LostWithTarget {
    /**
     * Why nothing may be lost.
     *
     * @param less what comes in its place
     * @param hint what to do instead
     */
    record Reason(String less, String hint) {}

    private LostWithTarget() {}

    /**
     * Looks for it.
     *
     * @throws TidemarkException (refused) when the target holds anything but what a restore left
     *     unfinished, or is the source
     */
    static void refuse(RestoreJob job, Database target, Reason reason) {
        job.refuseTheSource(target);
        Optional<TargetContents> there = TargetContents.of(target);
        if (there.isPresent() && !there.get().isEmpty() && !TargetCheck.isUnfinished(target)) {
            throw TidemarkException.refused(
                    "--replace would drop %s with %s, and %s"
                            .formatted(target, there.get(), reason.less()),
                    reason.hint());
        }
    }
}
