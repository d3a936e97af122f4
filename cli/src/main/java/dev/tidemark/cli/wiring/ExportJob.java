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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From an archive to files: plan, fold, write.
 *
 * @param request what of the database
 * @param mask what is done to the rows on their way
 */
public record ExportJob(
        Archive archive,
        Path temporary,
        ExportFormat format,
        PartRequest request,
        Optional<MaskJob> mask,
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
     * Where to.
     *
     * @param folder where that is on this machine; empty when it is elsewhere
     */
    public record Into(ObjectStore store, Optional<Path> folder) {}

    /** What is asked for, at a cut. */
    private record Asked(RestorePlan plan, ChosenPart chosen, Set<String> withoutRows) {}

    /**
     * Does it.
     *
     * @throws dev.tidemark.schemas.TidemarkException when the moment or a table is not in the
     *     archive, there is something in the store, the masks leave a column open, or there is no
     *     room
     */
    public Result run(Target moment, Into into) throws IOException {
        Export.checkIsEmpty(into.store());
        Asked asked = asked(new Planner(archive, temporary).plan(moment));
        ChosenPart chosen = asked.chosen();
        Untold untold =
                UntoldChanges.at(archive, asked.plan(), temporary)
                        .ofPart(chosen.tables())
                        .withoutRows(asked.withoutRows());
        untold.requireTables();
        Content content = chosen.of(masked(Content.of(fold(asked))));
        new ExportRoom(this).require(content, into.folder());
        try (Progress.Task task = progress.start("export", Progress.UNKNOWN, Progress.Unit.ROWS)) {
            Export export =
                    new Export(into.store(), format, temporary, task::advance)
                            .masked(() -> mask.map(MaskJob::report).orElse(List.of()));
            boolean hasSchema = request.extent() != Extent.ROWS;
            return new Result(
                    export.run(archive, asked.plan(), content, hasSchema),
                    untold,
                    chosen.notInPart());
        }
    }

    private Asked asked(RestorePlan plan) throws IOException {
        ChosenPart chosen =
                ChosenPart.of(
                        request, CatalogWalk.at(archive, plan, temporary), plan.cut().position());
        Set<String> withoutRows = new HashSet<>(chosen.withoutRows());
        if (mask.isPresent()) {
            withoutRows.addAll(
                    mask.get().check(archive, plan, temporary, chosen.withoutTheirRows()));
        }
        return new Asked(plan, chosen, withoutRows);
    }

    private Content masked(Content whole) {
        return mask.map(masks -> masks.mask(whole)).orElse(whole);
    }

    private FoldedDatabase fold(Asked asked) throws IOException {
        RestorePlan plan = asked.plan();
        DiskRoom.lookBeforeFold(plan, Fold.memory(), temporary).ifPresent(progress::say);
        Set<String> withoutRows = new HashSet<>(asked.withoutRows());
        withoutRows.removeAll(asked.chosen().withoutRows()); // their tables are not folded at all
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("fold", plan.changes(), Progress.Unit.ROWS)) {
            return Fold.runPart(
                    archive,
                    plan,
                    asked.chosen().withRows(),
                    withoutRows,
                    temporary,
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }
}
