package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.cli.wiring.RowJob;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@code tidemark restore} does when rows are chosen. */
record RowRestore(CommandContext context, RowJob job, boolean isReplacing, boolean isJson) {
    /**
     * Chooses them, says how many there are, and writes them.
     *
     * @param into nothing when the counts are all that was asked for
     */
    ExitCode run(Salvage.Way way, Optional<RestoreInto> into, Optional<FileRestore> file)
            throws InterruptedException {
        Instant start = context.clock().instant();
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
            file.get()
                    .print(
                            report,
                            untold,
                            FileView.of(report, untold, way.losses(), List.of()),
                            isJson);
            return untold.uncertain().isEmpty() ? ExitCode.DONE : ExitCode.NO;
        }
        Database database = context.databases().target(into.get().url().orElseThrow());
        RestoreReport report = job.restore(ready, database, isReplacing);
        boolean isWhole = report.leftOut().isEmpty() && untold.uncertain().isEmpty();
        RestoreView.Run run =
                new RestoreView.Began(database.url(), start)
                        .end(
                                isWhole ? RestoreView.Run.WHOLE : RestoreView.Run.NOT_WHOLE,
                                context.clock());
        new RestorePrint(context, isJson)
                .done(
                        report,
                        untold,
                        RestoreView.of(report, untold, way.losses(), List.of(), List.of(), run));
        return isWhole ? ExitCode.DONE : ExitCode.NO;
    }
}
