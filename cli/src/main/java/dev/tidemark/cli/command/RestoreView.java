package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.replay.salvage.Losses;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.ProgramVersion;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A restore's report as programs read it; a {@link RestoreReport} says what the parts are.
 *
 * @param outcome {@code whole}: all that was asked for; {@code not whole} when something of it was
 *     left out or is not known; {@code failed}
 * @param part what was asked for; empty for all of the database
 * @param beside why the restored database did not take the place of the one that {@code --into}
 *     names, and stands beside it as {@code target}; empty where there is no such one
 * @param failure what failed, and then no table is named
 * @param version of Tidemark
 * @param began when the command was started
 * @param notKnown objects that may be otherwise than the source's were, see {@link Untold}
 * @param notInPart what belongs to the part that was asked for and could not come, such as a
 *     foreign key to a table that is no part
 * @param losses what the archive's damage left out
 * @param masked columns that are not as they were, as it was asked for
 */
record RestoreView(
        String moment,
        Position cut,
        Instant commitTime,
        Optional<TransactionRecord> next,
        List<RestoredTable> tables,
        List<String> leftOut,
        List<String> withoutRows,
        List<String> notKnown,
        List<String> notInPart,
        List<String> warnings,
        Losses losses,
        List<MaskedColumn> masked,
        Map<RestorePhase, Duration> durations,
        long bytes,
        String outcome,
        Optional<String> failure,
        Optional<RestoredPart> part,
        Optional<String> beside,
        String version,
        DatabaseUrl target,
        Instant began,
        Instant ended) {
    /** A run of the command that has begun. */
    record Began(
            DatabaseUrl target,
            Optional<RestoredPart> part,
            Optional<String> beside,
            Instant began) {
        static Began of(DatabaseUrl target, Optional<RestoredPart> part, Instant began) {
            return new Began(target, part, Optional.empty(), began);
        }

        Run end(String outcome, Clock clock) {
            return new Run(outcome, this, clock.instant());
        }
    }

    /** A run of the command. */
    record Run(String outcome, Began of, Instant ended) {
        static final String WHOLE = "whole";
        static final String NOT_WHOLE = "not whole";
        static final String FAILED = "failed";
    }

    /**
     * A table that was loaded and read back.
     *
     * @param checksum as text: many readers of JSON round whole numbers of more than 53 bits
     */
    record RestoredTable(String name, long rows, String checksum) {}

    static RestoreView of(
            RestoreReport report,
            Untold untold,
            Losses losses,
            List<MaskedColumn> masked,
            List<String> notInPart,
            RestoreView.Run run) {
        return new RestoreView(
                report.moment(),
                report.cut(),
                report.commitTime(),
                report.next(),
                report.tables().stream()
                        .map(
                                table ->
                                        new RestoredTable(
                                                table.name(),
                                                table.checksum().rows(),
                                                table.checksum().hex()))
                        .toList(),
                report.leftOut(),
                report.withoutRows(),
                untold.uncertain(),
                notInPart,
                Stream.concat(report.warnings().stream(), untold.note().stream()).toList(),
                losses,
                masked,
                report.durations(),
                report.bytes(),
                run.outcome(),
                Optional.empty(),
                run.of().part(),
                run.of().beside(),
                ProgramVersion.text(),
                run.of().target(),
                run.of().began(),
                run.ended());
    }

    /** Of a restore that failed: what it was to be. */
    static RestoreView failed(Salvage.Way way, String failure, RestoreView.Run run) {
        RestorePlan plan = way.plan();
        return new RestoreView(
                plan.target().toString(),
                plan.cut().position(),
                RestoreReport.commitTime(plan),
                plan.cut().next(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                way.losses(),
                List.of(),
                Map.of(),
                0,
                run.outcome(),
                Optional.of(failure),
                run.of().part(),
                run.of().beside(),
                ProgramVersion.text(),
                run.of().target(),
                run.of().began(),
                run.ended());
    }
}
