package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.salvage.Losses;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A restore's report as programs read it; a {@link RestoreReport} says what the parts are.
 *
 * @param notKnown objects that may be otherwise than the source's were, see {@link Untold}
 * @param losses what the archive's damage left out
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
        List<String> warnings,
        Losses losses,
        Map<RestorePhase, Duration> durations,
        long bytes) {
    /**
     * A table that was loaded and read back.
     *
     * @param checksum as text: many readers of JSON round whole numbers of more than 53 bits
     */
    record RestoredTable(String name, long rows, String checksum) {}

    static RestoreView of(RestoreReport report, Untold untold, Losses losses) {
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
                Stream.concat(report.warnings().stream(), untold.note().stream()).toList(),
                losses,
                report.durations(),
                report.bytes());
    }
}
