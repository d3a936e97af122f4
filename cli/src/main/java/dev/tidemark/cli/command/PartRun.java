package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.cli.wiring.PartJob;
import dev.tidemark.replay.content.ChosenPart;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code tidemark restore} does when a part of the database is asked for. */
record PartRun(CommandContext context, PartJob job, boolean isSalvaging, boolean isJson) {
    /**
     * Says what is not in the part, and restores it.
     *
     * @param target nothing when the plan is all that was asked for
     */
    ExitCode run(Salvage.Way way, Optional<Database> target, boolean isReplacing)
            throws InterruptedException {
        Instant start = context.clock().instant();
        RestorePrint print = new RestorePrint(context, isJson);
        ChosenPart chosen = job.chosen(way.plan());
        chosen.notInPart().forEach(line -> context.warn("not in the part: " + line));
        Untold untold = job.untold(way.plan(), chosen, isSalvaging);
        if (target.isEmpty()) {
            print.plan(way, untold);
            return way.isWhole() ? ExitCode.DONE : ExitCode.NO;
        }
        RestoreReport report = job.run(way.plan(), chosen, target.get(), isReplacing);
        boolean isWhole =
                report.leftOut().isEmpty() && untold.uncertain().isEmpty() && way.isWhole();
        RestoreView.Run run =
                new RestoreView.Began(target.get().url(), start)
                        .end(
                                isWhole ? RestoreView.Run.WHOLE : RestoreView.Run.NOT_WHOLE,
                                context.clock());
        print.done(
                report,
                untold,
                RestoreView.of(report, untold, way.losses(), List.of(), chosen.notInPart(), run));
        return isWhole ? ExitCode.DONE : ExitCode.NO;
    }
}
