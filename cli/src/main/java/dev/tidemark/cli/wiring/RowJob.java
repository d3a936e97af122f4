package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.rows.Chosen;
import dev.tidemark.replay.rows.RowChoice;
import dev.tidemark.replay.rows.RowRequest;
import dev.tidemark.replay.rows.RowScript;
import dev.tidemark.replay.rows.RowWalk;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * From an archive to chosen rows, and on to a database or a file.
 *
 * @param job whose archive and temporary folder are used
 * @param mask what is done to the rows once they are chosen
 */
public record RowJob(RestoreJob job, RowRequest request, Optional<MaskJob> mask) {
    private static final LostWithTarget.Reason ONLY_ROWS =
            new LostWithTarget.Reason(
                    "only chosen rows are brought back",
                    "Restore into an empty database, or into one that does not exist with --replace --confirm. For a database that"
                            + " lives on, --into sql:FILE writes a script that brings the rows alone.");

    /**
     * Rows that are ready to be written.
     *
     * @param catalog the schema at the cut
     * @param untold what is not known of the tables that were needed
     */
    public record Ready(RestorePlan plan, Catalog catalog, Chosen chosen, Untold untold) {}

    /**
     * Chooses; nothing is written but in the temporary folder.
     *
     * @throws TidemarkException when there is no such table or column, the condition cannot be
     *     decided, or more rows would come than were asked for
     */
    public Ready choose(RestorePlan plan) {
        try {
            Catalog catalog = CatalogWalk.at(job.archive(), plan, job.temporary());
            RowChoice choice = RowChoice.of(request, catalog);
            Set<String> others =
                    catalog.tables().stream()
                            .filter(Table::holdsRows)
                            .filter(table -> !choice.needed().contains(table.id()))
                            .map(Table::displayName)
                            .collect(Collectors.toSet());
            Untold untold =
                    UntoldChanges.at(job.archive(), plan, job.temporary()).withoutRows(others);
            untold.requireTables();
            if (mask.isPresent()) {
                mask.get().check(job.archive(), plan, job.temporary(), others);
            }
            FoldedDatabase folded = fold(plan, choice);
            try (Progress.Task task =
                    job.progress().start("rows", Progress.UNKNOWN, Progress.Unit.ROWS)) {
                RowWalk walk = new RowWalk(choice, job.temporary(), task::advance);
                Chosen chosen = walk.run(List.copyOf(folded.tables()));
                return new Ready(plan, folded.catalog(), masked(chosen, folded.catalog()), untold);
            }
        } catch (IOException e) {
            throw job.broken(e);
        }
    }

    private Chosen masked(Chosen chosen, Catalog catalog) {
        return mask.map(masks -> chosen.as(masks.mask(chosen.partOf(catalog)))).orElse(chosen);
    }

    private FoldedDatabase fold(RestorePlan plan, RowChoice choice) throws IOException {
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task =
                job.progress().start("fold", plan.changes(), Progress.Unit.ROWS)) {
            return Fold.runRows(
                    job.archive(),
                    plan,
                    choice.needed(),
                    choice.byKey(),
                    job.options().foldBytes(),
                    job.temporary(),
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }

    /**
     * Before the long work: what stands in the way of {@link #restore}.
     *
     * @throws TidemarkException (refused) naming it
     */
    public void check(RestorePlan plan, Database target, boolean isReplacing) {
        if (isReplacing) {
            LostWithTarget.refuse(job, target, ONLY_ROWS);
            return;
        }
        try {
            Catalog base = Fold.catalog(job.archive(), plan.base().catalogThere());
            TargetCheck.ofDatabase(target, job.options().asking(base));
        } catch (IOException e) {
            throw job.broken(e);
        }
    }

    /**
     * Builds a database with the whole schema, in which all other tables are empty. One that is
     * dropped first must hold nothing that would be lost.
     */
    public RestoreReport restore(Ready ready, RestoreJob.Into into) throws InterruptedException {
        if (into.place() == Place.DROPPED) {
            LostWithTarget.refuse(job, into.target(), ONLY_ROWS); // to choose took its time
        }
        return job.build(ready.plan(), ready.chosen().wholeOf(ready.catalog()), into);
    }

    /** Writes a file: as a script the rows alone, to be brought back into a living database. */
    public FileReport write(Ready ready, FileJob.Format format, PublishedFile file) {
        FileJob write = new FileJob(job, ready.plan());
        return switch (format) {
            case DUCKDB -> write.run(ready.chosen().partOf(ready.catalog()), format, file);
            case SQL ->
                    write.run(
                            file,
                            progress ->
                                    new RowScript(
                                                    job.archive().identity(),
                                                    ready.plan(),
                                                    ready.catalog(),
                                                    mask.isPresent() ? request.untold() : request,
                                                    progress)
                                            .write(file, ready.chosen()));
        };
    }
}
