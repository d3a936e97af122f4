package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.replay.drill.TableComparison;
import dev.tidemark.replay.drill.TableDifference;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Proves that restores work: restores into a scratch database, and compares that with the source at
 * the same position where the source is up. Notes in the ledger how it went. What it made is gone
 * afterwards, after a failure too. For one thread; used once.
 */
public final class DrillJob {
    /** Moments by chance that are not known exactly are drawn anew so often. */
    private static final int DRAWS_MAX = 20;

    /** What a source at work hardly notices. */
    private static final int SOURCE_JOBS_MAX = 2;

    private final Parts parts;
    private final Archive archive;
    private final Path temporary;
    private final Progress progress;
    private final Clock clock;
    private final DrillRequest request;
    private final Supplier<LedgerPen> pens;

    private final Map<DrillReport.Phase, Duration> phases = new EnumMap<>(DrillReport.Phase.class);
    private final List<String> warnings = new ArrayList<>();

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
        this.clock = parts.clock();
        this.request = request;
        this.pens = pens;
    }

    /**
     * Does it.
     *
     * @throws TidemarkException (refused) when it cannot be done here; (failed) when it broke off,
     *     which is noted
     */
    public DrillReport run() throws IOException, InterruptedException {
        LedgerPen pen = pens.get();
        Instant start = clock.instant();
        DrillReport report =
                pen.unlessRefused(archive, LedgerEntry.Kind.DRILL, () -> drilled(start));
        pen.note(archive, LedgerEntry.Kind.DRILL, report.verdict().isGood(), report.bytes());
        return report;
    }

    /** A moment with the way there. */
    private record Way(RestorePlan plan, Untold untold, Optional<Long> seed) {}

    private DrillReport drilled(Instant start) throws IOException, InterruptedException {
        boolean isCompared = isCompared();
        RestoreJob job = job(RestoreOptions.of(request.jobs()));
        Way way = way(job, isCompared);
        try (DrillScratch scratch =
                phase(DrillReport.Phase.SCRATCH, () -> scratch(job, way.plan()))) {
            warnings.addAll(scratch.notes());
            if (!isCompared) {
                return restored(scratch, way, Optional.empty(), start);
            }
            progress.say(
                    "Waiting until all transactions have ended that are writing in the source at the moment.");
            try (DrillSource source =
                    phase(
                            DrillReport.Phase.SOURCE,
                            () -> DrillSource.take(parts.source(), archive))) {
                return compared(scratch, source, start);
            }
        }
    }

    private RestoreJob job(RestoreOptions options) {
        return new RestoreJob(archive, temporary, options, progress, clock);
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    private <T> T phase(DrillReport.Phase phase, Work<T> work)
            throws IOException, InterruptedException {
        Instant start = clock.instant();
        try {
            return work.run();
        } finally {
            phases.merge(phase, Duration.between(start, clock.instant()), Duration::plus);
        }
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

    /** Of a drill that compares, as far as it is known yet: to what is archived now. */
    private Way way(RestoreJob job, boolean isCompared) {
        if (isCompared) {
            RestorePlan plan = job.plan(new Target(new Moment.Latest(), false));
            Untold later = Untold.notLookedAt(plan.cut().position(), Optional.empty());
            return new Way(plan, later, Optional.empty());
        }
        return switch (request.choice()) {
            case DrillRequest.Choice.Present present -> drawn(job, present.seed());
            case DrillRequest.Choice.Chance chance -> drawn(job, chance.seed());
            case DrillRequest.Choice.Given given -> way(job, given.target(), Optional.empty());
        };
    }

    private static Way way(RestoreJob job, Target target, Optional<Long> seed) {
        RestorePlan plan = job.plan(target);
        return new Way(plan, job.untold(plan), seed);
    }

    private Way drawn(RestoreJob job, long seed) {
        RandomMoment moments = RandomMoment.of(archive.state().stretches(), seed);
        for (int draw = 1; ; draw++) {
            try {
                return way(job, new Target(moments.next(), false), Optional.of(seed));
            } catch (TidemarkException e) {
                if (e.kind() != TidemarkException.Kind.REFUSED || draw == DRAWS_MAX) {
                    throw e; // else another moment may be known
                }
            }
        }
    }

    private DrillScratch scratch(RestoreJob job, RestorePlan plan) throws IOException {
        Catalog catalog = Fold.catalog(archive, plan.base().catalogThere());
        if (request.into().isPresent()) {
            Database database = request.into().get();
            job.refuseTheSource(database);
            return new DrillScratch.Given(
                    ScratchDatabase.take(database, catalog, request.afterwards()));
        }
        ScratchRoom.require(ScratchRoom.guess(plan), temporary);
        progress.say("Starting a PostgreSQL server for the scratch database.");
        return DrillScratch.Embedded.start(parts, catalog);
    }

    private DrillReport compared(DrillScratch scratch, DrillSource source, Instant start)
            throws IOException, InterruptedException {
        phase(
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
        phase(
                DrillReport.Phase.ARCHIVE,
                () -> {
                    PresentMoment.awaitReached(
                            archive,
                            source.position(),
                            request.waitMax().orElse(PresentMoment.limit(parts)));
                    return source;
                });
        Target target = new Target(new Moment.AtPosition(source.position()), false);
        Way way = way(job(scratch.options(request.jobs())), target, Optional.empty());
        return restored(scratch, way, Optional.of(source), start);
    }

    private DrillReport restored(
            DrillScratch scratch, Way way, Optional<DrillSource> source, Instant start)
            throws IOException, InterruptedException {
        LedgerPen pen = pens.get();
        RestoreJob job = job(scratch.options(request.jobs()));
        RestoreReport report =
                phase(
                        DrillReport.Phase.RESTORE,
                        () -> job.run(way.plan(), scratch.database(), Place.AS_IT_IS, pen));
        boolean isWhole = report.leftOut().isEmpty() && way.untold().uncertain().isEmpty();
        pen.note(archive, LedgerEntry.Kind.RESTORE, isWhole, report.bytes());
        way.untold().note().ifPresent(warnings::add);
        warnings.addAll(report.warnings());
        List<DrillReport.DrilledTable> tables =
                source.map(one -> tables(report, one)).orElseGet(() -> tables(report));
        List<TableDifference> differences =
                phase(
                        DrillReport.Phase.COMPARISON,
                        () -> differences(scratch.database(), source, tables));
        return report(scratch, way, report, tables, differences, start);
    }

    private static List<DrillReport.DrilledTable> tables(RestoreReport report) {
        return report.tables().stream()
                .map(
                        table ->
                                new DrillReport.DrilledTable(
                                        table.name(),
                                        DrillReport.Outcome.READ_BACK,
                                        Optional.of(DrillReport.Rows.of(table.checksum())),
                                        Optional.empty(),
                                        Optional.empty()))
                .toList();
    }

    /** What was read back of a table is what the restore reported, or it had failed. */
    private static List<DrillReport.DrilledTable> tables(RestoreReport report, DrillSource source) {
        Map<String, RowsChecksum> restored = new TreeMap<>();
        report.tables().forEach(table -> restored.put(table.name(), table.checksum()));
        Map<String, String> notCompared = source.notCompared();
        return TableComparison.of(source.checksums(), restored, report.tables()).stream()
                .map(table -> table(table, Optional.ofNullable(notCompared.get(table.table()))))
                .toList();
    }

    private static DrillReport.DrilledTable table(TableComparison table, Optional<String> note) {
        DrillReport.Outcome compared =
                table.isEqual() ? DrillReport.Outcome.EQUAL : DrillReport.Outcome.DIFFERENT;
        return new DrillReport.DrilledTable(
                table.table(),
                note.isPresent() ? DrillReport.Outcome.NOT_COMPARED : compared,
                table.restored().map(DrillReport.Rows::of),
                table.source().map(DrillReport.Rows::of),
                note);
    }

    private List<TableDifference> differences(
            Database restored,
            Optional<DrillSource> source,
            List<DrillReport.DrilledTable> tables) {
        List<String> unlike =
                tables.stream()
                        .filter(table -> table.outcome() == DrillReport.Outcome.DIFFERENT)
                        .filter(table -> table.source().isPresent() && table.restored().isPresent())
                        .map(DrillReport.DrilledTable::name)
                        .toList();
        List<TableDifference> found = new ArrayList<>();
        if (source.isEmpty() || unlike.isEmpty() || request.rowsMax() == 0) {
            return found;
        }
        try (Connection session = restored.connect()) {
            for (String table : unlike) {
                rows(source.get(), session, table).ifPresent(found::add);
            }
        } catch (SQLException e) {
            warnings.add("differing rows were not looked for: " + TidemarkException.reason(e));
        }
        return found;
    }

    /** That a table differs is known, and stays the verdict whatever stands in the way of this. */
    private Optional<TableDifference> rows(DrillSource source, Connection restored, String table) {
        try {
            return Optional.of(source.rows(table, restored, request.detail(), request.rowsMax()));
        } catch (TidemarkException e) {
            warnings.add("%s. %s".formatted(e.getMessage(), e.hint()));
            return Optional.empty();
        }
    }

    private DrillReport report(
            DrillScratch scratch,
            Way way,
            RestoreReport report,
            List<DrillReport.DrilledTable> tables,
            List<TableDifference> differences,
            Instant start) {
        return new DrillReport(
                verdict(report, way.untold(), tables),
                report.moment(),
                way.seed(),
                report.cut(),
                report.commitTime(),
                request.into().isPresent()
                        ? scratch.database().url().toString()
                        : "an embedded server",
                tables,
                differences,
                report.leftOut(),
                way.untold().uncertain(),
                warnings,
                phases.getOrDefault(DrillReport.Phase.RESTORE, Duration.ZERO),
                report.durations(),
                phases,
                Duration.between(start, clock.instant()),
                report.bytes());
    }

    private static DrillReport.Verdict verdict(
            RestoreReport report, Untold untold, List<DrillReport.DrilledTable> tables) {
        DrillReport.Verdict proved =
                DrillReport.Verdict.of(
                        tables.stream().map(DrillReport.DrilledTable::outcome).toList());
        if (proved == DrillReport.Verdict.DIFFERENT) {
            return proved;
        }
        if (!report.leftOut().isEmpty() || !untold.uncertain().isEmpty()) {
            return DrillReport.Verdict.NOT_WHOLE;
        }
        return proved;
    }
}
