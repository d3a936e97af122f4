package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.cli.wiring.Place;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.RowJob;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code tidemark restore} does when rows are chosen. */
record RowRestore(
        CommandContext context,
        RowJob job,
        boolean isReplacing,
        boolean isJson,
        ReportFile written) {
    /**
     * Chooses them, says how many there are, and writes them.
     *
     * @param into nothing when the counts are all that was asked for
     */
    ExitCode run(Salvage.Way way, Optional<RestoreInto> into, Optional<FileRestore> file)
            throws IOException, InterruptedException {
        Instant start = context.clock().instant();
        Optional<Database> database =
                into.flatMap(RestoreInto::url).map(url -> context.databases().target(url));
        database.ifPresent(target -> job.check(way.plan(), target, isReplacing));
        RowJob.Ready ready = job.choose(way.plan());
        RowsView view = RowsView.of(way.plan(), ready.chosen());
        Untold untold = ready.untold();
        if (into.isEmpty()) {
            untold.uncertain().forEach(object -> context.warn("not known: " + object));
            untold.note().ifPresent(context::warn);
            view.print(context, isJson);
            return ExitCode.DONE;
        }
        view.tell(context);
        if (file.isPresent()) {
            FileReport report = file.get().run(job, ready, isReplacing);
            job.mask().map(MaskJob::notes).orElse(List.of()).forEach(context::warn);
            file.get()
                    .print(
                            report,
                            untold,
                            FileView.of(report, untold, way.losses(), masked()),
                            isJson);
            return untold.uncertain().isEmpty() ? ExitCode.DONE : ExitCode.NO;
        }
        Database target = database.orElseThrow();
        Reporting reporting =
                new Reporting(
                        context,
                        written,
                        way,
                        RestoreView.Began.of(
                                target.url(), Optional.of(RestoredPart.of(job.request())), start));
        Place place = isReplacing ? Place.DROPPED : Place.AS_IT_IS;
        RestoreReport report =
                reporting.of(
                        begins -> job.restore(ready, new RestoreJob.Into(target, place, begins)));
        boolean isWhole = report.leftOut().isEmpty() && untold.uncertain().isEmpty();
        ExitCode code = isWhole ? ExitCode.DONE : ExitCode.NO;
        RestoreView done =
                RestoreView.of(
                        report, untold, way.losses(), masked(), List.of(), reporting.end(code));
        job.mask().map(MaskJob::notes).orElse(List.of()).forEach(context::warn);
        new RestorePrint(context, isJson).done(report, untold, done);
        written.write(done);
        return code;
    }

    private List<MaskedColumn> masked() {
        return job.mask().map(MaskJob::report).orElse(List.of());
    }
}
