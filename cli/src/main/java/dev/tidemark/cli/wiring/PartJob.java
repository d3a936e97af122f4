package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.content.CatalogPart;
import dev.tidemark.replay.content.ChosenPart;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.content.Extent;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.load.PartRestore;
import dev.tidemark.replay.load.Restore;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsRestore;
import dev.tidemark.replay.load.TargetCheck;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From an archive to a part of a database: an empty database is filled as by a {@link RestoreJob},
 * one with other things gets the part beside them, and with rows alone only tables that are there
 * change.
 *
 * @param job of the whole
 * @param request what of it
 */
public record PartJob(RestoreJob job, PartRequest request) {
    private static final LostWithTarget.Reason ONLY_A_PART =
            new LostWithTarget.Reason(
                    "only a part is brought back",
                    "Leave --replace out: the part comes beside what is there, with --rename under"
                            + " other names. Rows alone take the place of others with --data-only"
                            + " --replace --confirm.");

    /**
     * What the request means at a plan's cut; reads no rows.
     *
     * @throws TidemarkException (refused) when it means nothing there
     */
    public ChosenPart chosen(RestorePlan plan) {
        try {
            Catalog catalog = CatalogWalk.at(job.archive(), plan, job.temporary());
            return ChosenPart.of(request, catalog, plan.cut().position());
        } catch (IOException e) {
            throw job.broken(e);
        }
    }

    /**
     * The same with masks, which see the rows as they were.
     *
     * @throws TidemarkException (refused) when they leave a column of the part open
     */
    public PartJob masked(MaskJob masks, RestorePlan plan, ChosenPart chosen) {
        return new PartJob(job.masked(masks, plan, chosen.withoutTheirRows()), request);
    }

    /** What is not known of the part, as {@link RestoreJob#untold} says it of the whole. */
    public Untold untold(RestorePlan plan, ChosenPart chosen, boolean isSalvaging) {
        try {
            Untold all = isSalvaging ? job.looked(plan) : job.seen(plan);
            Untold untold =
                    request.extent() == Extent.STRUCTURE
                            ? all.ofStructure(chosen.tables())
                            : all.ofPart(chosen.tables()).withoutRows(job.options().withoutRows());
            untold.requireTables();
            return untold;
        } catch (IOException e) {
            throw job.broken(e);
        }
    }

    /**
     * Where to.
     *
     * @param isReplacing drop the target database first, which must hold nothing that would be
     *     lost; with rows alone: delete the rows of the tables
     * @param begins runs when the target was checked, before it is changed; perhaps twice
     */
    public record Into(Database target, boolean isReplacing, Runnable begins) {}

    /** Follows the plan. */
    public RestoreReport run(RestorePlan plan, ChosenPart chosen, Into into)
            throws InterruptedException {
        try {
            return request.extent() == Extent.ROWS
                    ? rows(plan, chosen, into)
                    : tables(plan, chosen, into);
        } catch (IOException e) {
            throw job.broken(e);
        }
    }

    /** The rows of the part as the archive has them, in the whole schema; nothing is written. */
    public Content source(RestorePlan plan, ChosenPart chosen) {
        try {
            return Content.of(fold(plan, chosen));
        } catch (IOException e) {
            throw job.broken(e);
        }
    }

    private RestoreReport rows(RestorePlan plan, ChosenPart chosen, Into into)
            throws IOException, InterruptedException {
        Database target = into.target();
        RowsRestore.Before before =
                into.isReplacing() ? RowsRestore.Before.DELETE : RowsRestore.Before.REQUIRE_EMPTY;
        RowsRestore.Into there = new RowsRestore.Into(target, before, chosen::leavesOut);
        RowsRestore.check(there, chosen.reduced().catalog());
        Content content = chosen.of(job.masked(Content.of(fold(plan, chosen))));
        new RestoreRoom(job).require(content, target, Place.AS_IT_IS);
        try (RestoreProgressBar bar = bar(into)) {
            return new RowsRestore(there, bar, job.clock()).run(plan, content);
        }
    }

    private RestoreProgressBar bar(Into into) {
        return new RestoreProgressBar(
                job.progress(), job.clock(), job.clock().instant(), into.begins());
    }

    private RestoreReport tables(RestorePlan plan, ChosenPart chosen, Into into)
            throws IOException, InterruptedException {
        Database target = into.target();
        boolean isReplacing = into.isReplacing();
        CatalogPart part = chosen.reduced();
        boolean isIntoEmpty = isReplacing || isEmpty(target);
        if (isReplacing) {
            LostWithTarget.refuse(job, target, ONLY_A_PART);
        } else if (isIntoEmpty) {
            TargetCheck.ofDatabase(target, job.options().asking(part.catalog()));
        } else {
            refuseScripts(target);
            refuseFirst(target);
            PartRestore.check(target, part.catalog(), part.implied(), catalog(target));
        }
        FoldedDatabase folded = fold(plan, chosen);
        Content content = chosen.of(job.masked(Content.of(folded)));
        new RestoreRoom(job).require(content, target, isReplacing ? Place.DROPPED : Place.AS_IT_IS);
        if (isReplacing) {
            job.checkFiles(folded);
            // The fold took its time.
            LostWithTarget.refuse(job, target, ONLY_A_PART);
            TargetDatabase.recreate(target, job.options().asking(content.catalog()), into.begins());
        }
        RestoreOptions once = job.options().withStart(RestoreOptions.Start.ONCE);
        try (RestoreProgressBar bar = bar(into)) {
            return isIntoEmpty
                    ? new Restore(target, once, bar, job.clock()).run(plan, content)
                    : new PartRestore(target, job.options(), bar, job.clock())
                            .run(plan, content, part.implied(), catalog(target));
        }
    }

    private static boolean isEmpty(Database target) {
        // One that does not exist is looked at, and refused, as an empty one is.
        return TargetContents.of(target).map(TargetContents::isEmpty).orElse(true);
    }

    /** A database that others use is usable already. */
    private void refuseScripts(Database target) {
        if (!job.options().scripts().isEmpty()) {
            throw TidemarkException.refused(
                    "--run-sql is for a database that is built, and %s is in use".formatted(target),
                    "Leave it out and run the SQL yourself, or restore into an empty database.");
        }
    }

    /** All of it is readable at once, when the one transaction ends. */
    private void refuseFirst(Database target) {
        if (!job.options().first().isEmpty()) {
            throw TidemarkException.refused(
                    "--priority is for a database that is built, and %s is in use"
                            .formatted(target),
                    "Leave it out: a part comes beside what is there in one transaction, all at once.");
        }
    }

    private static Catalog catalog(Database target) {
        try (Connection connection = target.connect()) {
            connection.setAutoCommit(false);
            Catalog catalog = CatalogReader.read(connection);
            connection.rollback();
            return catalog;
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot read what is in %s: %s".formatted(target, TidemarkException.reason(e)),
                    "Look into the server's log.",
                    e);
        }
    }

    private FoldedDatabase fold(RestorePlan plan, ChosenPart chosen) throws IOException {
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task =
                job.progress().start("fold", plan.changes(), Progress.Unit.ROWS)) {
            return Fold.runPart(
                    job.archive(),
                    plan,
                    chosen.withRows(),
                    job.options().withoutRows(),
                    job.options().foldBytes(),
                    job.temporary(),
                    read -> task.advance(read - seen.getAndSet(read)));
        }
    }
}
