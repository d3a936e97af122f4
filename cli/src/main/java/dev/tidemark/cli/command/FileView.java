package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.replay.salvage.Losses;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A restore into a file as programs read it; a {@link FileReport} says what the parts are.
 *
 * @param notKnown objects that may be otherwise than the source's were, see {@link Untold}
 * @param losses what the archive's damage left out
 * @param masked columns that are not as they were, as it was asked for
 */
record FileView(
        String moment,
        Position cut,
        Instant commitTime,
        Optional<TransactionRecord> next,
        String file,
        List<FileReport.WrittenTable> tables,
        List<String> withoutRows,
        List<String> notKnown,
        List<String> warnings,
        Losses losses,
        List<MaskedColumn> masked) {
    static FileView of(FileReport report, Untold untold, Losses losses, List<MaskedColumn> masked) {
        return new FileView(
                report.moment(),
                report.cut(),
                report.commitTime(),
                report.next(),
                report.file(),
                report.tables(),
                report.withoutRows(),
                untold.uncertain(),
                Stream.concat(report.warnings().stream(), untold.note().stream()).toList(),
                losses,
                masked);
    }
}
