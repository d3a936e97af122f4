package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.rows.Chosen;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;

/**
 * Which rows would be brought back, as programs read it.
 *
 * @param cut the position of the last transaction in it
 * @param commitTime of that transaction, by the source's clock
 * @param tables those with any row
 */
record RowsView(Position cut, Instant commitTime, List<FileReport.WrittenTable> tables) {
    static RowsView of(RestorePlan plan, Chosen chosen) {
        return new RowsView(
                plan.cut().position(),
                FileReport.commitTime(plan),
                chosen.tables().stream()
                        .map(
                                one ->
                                        new FileReport.WrittenTable(
                                                one.table().displayName(), one.rows()))
                        .toList());
    }

    void print(CommandContext context, boolean isJson) {
        if (isJson) {
            context.printJson(this);
            return;
        }
        TextTable table = new TextTable("table", "rows");
        tables.forEach(one -> table.row(one.name(), one.rows()));
        context.print(table);
        context.out()
                .printf(
                        "%s rows of %s as of %s (%s) would be brought back.%n",
                        Figures.count(rows()),
                        Figures.counted(tables.size(), "table"),
                        cut,
                        commitTime);
    }

    /** For a person who waits. */
    void tell(CommandContext context) {
        tables.forEach(one -> context.err().printf("chosen: %d of %s%n", one.rows(), one.name()));
    }

    private long rows() {
        return tables.stream().mapToLong(FileReport.WrittenTable::rows).sum();
    }
}
