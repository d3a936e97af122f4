package dev.tidemark.cli.command;

import dev.tidemark.replay.rewind.RewindReport;
import java.time.Instant;
import java.util.List;

/** What a move of a restored database did, as JSON. */
record MoveView(
        String moment,
        String from,
        String position,
        Instant commitTime,
        List<TableView> tables,
        List<String> notes) {
    /** A table. */
    record TableView(String name, long taken, long put, String whole, long rows, String checksum) {}

    static MoveView of(RewindReport report) {
        return new MoveView(
                report.to().moment(),
                report.from().position().toString(),
                report.to().position().toString(),
                report.to().commitTime(),
                report.tables().stream()
                        .map(
                                table ->
                                        new TableView(
                                                table.name(),
                                                table.taken(),
                                                table.put(),
                                                table.whole(),
                                                table.checksum().rows(),
                                                table.checksum().hex()))
                        .toList(),
                report.notes());
    }
}
