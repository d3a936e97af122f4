package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.content.ChosenPart;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.content.Extent;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.export.Export;
import dev.tidemark.replay.export.ExportFormat;
import dev.tidemark.replay.export.ExportReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From an archive to files: plan, fold, write.
 *
 * @param request what of the database
 */
public record ExportJob(
        Archive archive,
        Path temporary,
        ExportFormat format,
        PartRequest request,
        Progress progress) {
    /**
     * What was written, and what is not sure of it.
     *
     * @param notInPart what belongs to the part and could not come
     */
    public record Result(ExportReport report, Untold untold, List<String> notInPart) {
        public Result {
            notInPart = List.copyOf(notInPart);
        }
    }

    /**
     * Does it.
     *
     * @throws dev.tidemark.schemas.TidemarkException when the moment or a table is not in the
     *     archive, or there is something in the store
     */
    public Result run(Target moment, ObjectStore store) throws IOException {
        Export.checkIsEmpty(store);
        RestorePlan plan = new Planner(archive, temporary).plan(moment);
        ChosenPart chosen =
                ChosenPart.of(
                        request, CatalogWalk.at(archive, plan, temporary), plan.cut().position());
        Untold untold =
                UntoldChanges.at(archive, plan, temporary)
                        .ofPart(chosen.tables())
                        .withoutRows(chosen.withoutRows());
        untold.requireTables();
        Content content = chosen.of(Content.of(fold(plan, chosen)));
        try (Progress.Task task = progress.start("export", Progress.UNKNOWN, Progress.Unit.ROWS)) {
            Export export = new Export(store, format, temporary, task::advance);
            boolean hasSchema = request.extent() != Extent.ROWS;
            return new Result(
                    export.run(archive, plan, content, hasSchema), untold, chosen.notInPart());
        }
    }

    private FoldedDatabase fold(RestorePlan plan, ChosenPart chosen) throws IOException {
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("fold", plan.changes(), Progress.Unit.ROWS)) {
            return Fold.runPart(
                    archive,
                    plan,
                    chosen.withRows(),
                    Set.of(),
                    temporary,
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }
}
