package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.cli.wiring.PartJob;
import dev.tidemark.replay.content.ChosenPart;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code tidemark restore} does when a part of the database is asked for. */
record PartRun(
        CommandContext context,
        PartJob whole,
        Optional<MaskJob> mask,
        boolean isSalvaging,
        boolean isJson,
        ReportFile written) {
    /**
     * Says what is not in the part, and restores it.
     *
     * @param target nothing when the plan is all that was asked for
     */
    ExitCode run(Salvage.Way way, Optional<Database> target, boolean isReplacing)
            throws IOException, InterruptedException {
        Instant start = context.clock().instant();
        RestorePrint print = new RestorePrint(context, isJson);
        ChosenPart chosen = whole.chosen(way.plan());
        PartJob job = mask.map(masks -> whole.masked(masks, way.plan(), chosen)).orElse(whole);
        chosen.notInPart().forEach(line -> context.warn("not in the part: " + line));
        Untold untold = job.untold(way.plan(), chosen, isSalvaging);
        if (target.isEmpty()) {
            print.plan(way, untold);
            return way.isWhole() ? ExitCode.DONE : ExitCode.NO;
        }
        Reporting reporting =
                new Reporting(
                        context,
                        written,
                        way,
                        RestoreView.Began.of(
                                target.get().url(),
                                Optional.of(RestoredPart.of(job.request())),
                                start));
        RestoreReport report =
                reporting.of(
                        begins ->
                                job.run(
                                        way.plan(),
                                        chosen,
                                        new PartJob.Into(target.get(), isReplacing, begins)));
        boolean isWhole =
                report.leftOut().isEmpty() && untold.uncertain().isEmpty() && way.isWhole();
        ExitCode code = isWhole ? ExitCode.DONE : ExitCode.NO;
        mask.map(MaskJob::notes).orElse(List.of()).forEach(context::warn);
        RestoreView view =
                RestoreView.of(
                        report,
                        untold,
                        way.losses(),
                        mask.map(MaskJob::report).orElse(List.of()),
                        chosen.notInPart(),
                        reporting.end(code));
        print.done(report, untold, view);
        written.write(view);
        return code;
    }
}
