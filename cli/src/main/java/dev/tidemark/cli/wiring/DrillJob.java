package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.ledger.DrillVerdict;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.replay.drill.TableDifference;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Proves that restores work: restores into a scratch database, and compares that with the source at
 * the same position where the source is up. Notes in the ledger how it went. What it made is gone
 * afterwards, after a failure or an interrupt too. For one thread; used once.
 */
public final class DrillJob {
    /** What a source at work hardly notices. */
    private static final int SOURCE_JOBS_MAX = 2;

    private final Parts parts;
    private final Archive archive;
    private final Path temporary;
    private final Progress progress;
    private final DrillRequest request;
    private final Supplier<LedgerPen> pens;
    private final DrillPhases phases;
    private final List<String> warnings = new ArrayList<>();

    /** From here on a refusal says something of the archive, and not of how the drill was asked. */
    private boolean isBegun;

    /**
     * For one drill.
     *
     * @param temporary a folder for files while they are read
     * @param pens each for what begins when it is asked for
     */
    public DrillJob(
            Parts parts,
            Archive archive,
            Path temporary,
            Progress progress,
            DrillRequest request,
            Supplier<LedgerPen> pens) {
        this.parts = parts;
        this.archive = archive;
        this.temporary = temporary;
        this.progress = progress;
        this.request = request;
        this.pens = pens;
        this.phases = new DrillPhases(parts.clock());
    }

    /**
     * Does it.
     *
     * @throws TidemarkException (refused) when it cannot be done here, or the archive cannot be
     *     restored to a moment that it should have; (failed) when it broke off. What is not due to
     *     how it was asked for is noted
     */
    public DrillReport run() throws IOException, InterruptedException {
        LedgerPen pen = pens.get();
        DrillReport report;
        try {
            report = drilled();
        } catch (IOException | RuntimeException | Error e) {
            noteEnd(pen, e);
            throw e;
        }
        LedgerEntry.Drill proved = drill(report.verdict().noted());
        pen.note(archive, proved, report.verdict().isGood(), report.bytes());
        return report;
    }

    private void noteEnd(LedgerPen pen, Throwable end) {
        boolean isRefusal =
                end instanceof TidemarkException said
                        && said.kind() != TidemarkException.Kind.FAILED;
        boolean isNoted = (isBegun && !DiskRoom.isForRoom(end)) || !isRefusal;
        if (isNoted && !Thread.currentThread().isInterrupted()) {
            pen.note(
                    archive,
                    drill(isRefusal ? DrillVerdict.REFUSED : DrillVerdict.BROKE_OFF),
                    false,
                    0);
        }
    }

    private LedgerEntry.Drill drill(DrillVerdict verdict) {
        OptionalLong restored =
                phases.of(DrillReport.Phase.RESTORE).stream()
                        .mapToLong(Duration::toMillis)
                        .findFirst();
        return new LedgerEntry.Drill(verdict, restored);
    }

    private DrillReport drilled() throws IOException, InterruptedException {
        boolean isCompared = isCompared();
        RestoreJob job = job(RestoreOptions.of(request.jobs()));
        DrillMoment moment = isCompared ? DrillMoment.now(job) : chosen(job);
        try (DrillScratch scratch =
                phases.timed(DrillReport.Phase.SCRATCH, () -> scratch(job, moment.plan()))) {
            isBegun = true;
            warnings.addAll(scratch.notes());
            if (!isCompared) {
                return restored(scratch, moment, Optional.empty());
            }
            progress.say(
                    "Waiting until all transactions have ended that are writing in the source at the moment.");
            try (DrillSource source =
                    phases.timed(
                            DrillReport.Phase.SOURCE,
                            () -> DrillSource.take(parts.source(), archive, request.holdMax()))) {
                return compared(scratch, source);
            }
        }
    }

    private RestoreJob job(RestoreOptions options) {
        RestoreOptions once = options.withStart(RestoreOptions.Start.ONCE);
        return new RestoreJob(archive, temporary, once, progress, parts.clock());
    }

    /** Can the source be compared with? Where it need not be, a warning says why it is not. */
    private boolean isCompared() {
        if (!(request.choice() instanceof DrillRequest.Choice.Present present)) {
            return false;
        }
        try {
            refuseUnreachable();
            return true;
        } catch (TidemarkException e) {
            if (present.source() == DrillRequest.Source.REQUIRED) {
                throw TidemarkException.refused(String.valueOf(e.getMessage()), e.hint(), e);
            }
            warnings.add("not compared with the source: " + e.getMessage());
            return false;
        }
    }

    private void refuseUnreachable() {
        if (parts.configuration().source().isEmpty()) {
            throw TidemarkException.refused(
                    "the configuration names no source",
                    "Add the section source, or leave --require-source out.");
        }
        SlotGuard.Slot slot = new SlotGuard(parts.source(), parts.names().slot()).look();
        if (slot.activePid().isEmpty()) {
            throw TidemarkException.refused(
                    "no capture streams from the slot '%s', so that the source's present will not be archived"
                            .formatted(parts.names().slot()),
                    "Start the services with 'tidemark run'.");
        }
    }

    /** Where the source is not compared with. */
    private DrillMoment chosen(RestoreJob job) {
        return switch (request.choice()) {
            case DrillRequest.Choice.Present present -> drawn(job, present.seed());
            case DrillRequest.Choice.Chance chance -> drawn(job, chance.seed());
            case DrillRequest.Choice.Given given -> DrillMoment.of(job, given.target());
        };
    }

    private DrillMoment drawn(RestoreJob job, long seed) {
        isBegun = true; // nobody asked for a moment that there is not
        DrillMoment moment = DrillMoment.drawn(job, seed, warnings::add);
        isBegun = false;
        return moment;
    }

    private DrillScratch scratch(RestoreJob job, RestorePlan plan) throws IOException {
        Catalog catalog = Fold.catalog(archive, plan.base().catalogThere());
        if (request.into().isPresent()) {
            Database database = request.into().get();
            job.refuseTheSource(database);
            return new DrillScratch.Given(
                    ScratchDatabase.take(database, catalog, request.afterwards()));
        }
        Optional<String> told =
                DiskRoom.look(DiskRoom.Purpose.SCRATCH, RoomNeed.ofServer(plan), temporary);
        if (request.isScheduled()) {
            DiskRoom.requireGuess(told, DiskRoom.Purpose.SCRATCH);
        }
        told.ifPresent(progress::say);
        progress.say("Starting a PostgreSQL server for the scratch database.");
        return DrillScratch.Embedded.start(parts, catalog);
    }

    private DrillReport compared(DrillScratch scratch, DrillSource source)
            throws IOException, InterruptedException {
        phases.timed(
                DrillReport.Phase.SOURCE,
                () -> {
                    source.read(Math.min(request.jobs(), SOURCE_JOBS_MAX), progress);
                    return source;
                });
        if (request.rowsMax() == 0) {
            source.close(); // nothing more is asked of it
        }
        progress.say(
                "The source was read as of %s. Waiting until the archive holds what is before that."
                        .formatted(source.position()));
        phases.timed(
                DrillReport.Phase.ARCHIVE,
                () -> {
                    PresentMoment.awaitReached(
                            archive,
                            source.position(),
                            request.waitMax().orElse(PresentMoment.limit(parts)),
                            " Is an archiver at work? --wait gives it longer.");
                    return source;
                });
        Target target = new Target(new Moment.AtPosition(source.position()), false);
        DrillMoment moment = DrillMoment.of(job(scratch.options(request.jobs())), target);
        return restored(scratch, moment, Optional.of(source));
    }

    private DrillReport restored(
            DrillScratch scratch, DrillMoment moment, Optional<DrillSource> source)
            throws IOException, InterruptedException {
        LedgerPen pen = pens.get();
        RestoreJob job = job(scratch.options(request.jobs()));
        RestoreReport report =
                phases.timed(
                        DrillReport.Phase.RESTORE,
                        () -> job.run(moment.plan(), scratch.database(), Place.AS_IT_IS, pen));
        Duration took = pen.took();
        moment.untold().note().ifPresent(warnings::add);
        warnings.addAll(report.warnings());
        DrillReport proved =
                proved(
                        scratch,
                        moment,
                        new DrillComparison(request, report, source, warnings::add));
        boolean isWhole =
                proved.verdict().isGood()
                        || proved.verdict() == DrillReport.Verdict.PARTLY_COMPARED;
        pen.note(archive, LedgerEntry.Kind.RESTORE, isWhole, report.bytes(), took);
        return proved;
    }

    private DrillReport proved(DrillScratch scratch, DrillMoment moment, DrillComparison comparison)
            throws IOException, InterruptedException {
        RestoreReport report = comparison.report();
        List<DrillReport.DrilledTable> tables = comparison.tables();
        List<TableDifference> differences =
                phases.timed(
                        DrillReport.Phase.COMPARISON,
                        () -> comparison.differences(scratch.database(), tables));
        return new DrillReport(
                comparison.verdict(moment.untold(), tables),
                report.moment(),
                moment.seed(),
                report.cut(),
                report.commitTime(),
                request.into().isPresent()
                        ? scratch.database().url().toString()
                        : "an embedded server",
                tables,
                differences,
                report.leftOut(),
                moment.untold().uncertain(),
                warnings,
                phases.of(DrillReport.Phase.RESTORE).orElse(Duration.ZERO),
                report.durations(),
                phases.all(),
                phases.sinceStart(),
                report.bytes());
    }
}
