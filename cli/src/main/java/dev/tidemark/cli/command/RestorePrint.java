package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.replay.salvage.Salvage;
import java.util.ArrayList;
import java.util.List;

/** What {@code tidemark restore} says: warnings on stderr, what was done on stdout. */
record RestorePrint(CommandContext context, boolean isJson) {
    /** The plan alone. */
    void plan(Salvage.Way way, Untold untold) {
        warn(untold);
        PlanView view = PlanView.of(way.plan(), way.losses());
        if (isJson) {
            context.printJson(view);
        } else {
            view.print(context.out());
        }
    }

    /** What the way there lacks. */
    void warn(Salvage.Way way, Target moment) {
        way.damage().forEach(damage -> context.warn("damaged: " + damage));
        way.losses()
                .tables()
                .forEach(
                        lost ->
                                context.warn(
                                        "%s comes back without rows: it has %s in its base, and %s of it cannot be read"
                                                .formatted(
                                                        lost.table(),
                                                        Figures.counted(lost.baseRows(), "row"),
                                                        Figures.counted(
                                                                lost.unreadable(), "record"))));
        if (!way.isThere()) {
            context.warn(
                    "%s cannot be reached; the newest moment before it that can be is %s"
                            .formatted(moment.moment(), way.plan().cut().position()));
        }
        way.losses()
                .after()
                .ifPresent(
                        lost ->
                                context.warn(
                                        "left out: what was committed from %s to %s, %s with %s at most"
                                                .formatted(
                                                        lost.from(),
                                                        lost.to(),
                                                        Figures.counted(
                                                                lost.transactions(), "transaction"),
                                                        Figures.counted(
                                                                lost.changes(), "change"))));
    }

    private void warn(Untold untold) {
        untold.uncertain().forEach(object -> context.warn("not known: " + object));
        untold.note().ifPresent(context::warn);
    }

    /** A database that is there. */
    void done(RestoreReport report, Untold untold, RestoreView view) {
        warn(untold);
        report.warnings().forEach(context::warn);
        report.leftOut().forEach(object -> context.warn("left out: " + object));
        report.withoutRows().forEach(table -> context.warn("left out: the rows of " + table));
        if (isJson) {
            context.printJson(view);
            return;
        }
        TextTable tables = new TextTable("table", "rows", "checksum");
        report.tables()
                .forEach(
                        table ->
                                tables.row(
                                        table.name(),
                                        table.checksum().rows(),
                                        table.checksum().hex()));
        context.print(tables);
        MaskFileOption.print(context, view.masked());
        context.out()
                .printf(
                        "%s %s as the source was at %s (%s)%s: %s of %s, each read back and equal to %s.%n",
                        view.target(),
                        view.part()
                                .map(part -> "holds what was asked for (%s)".formatted(part.what()))
                                .orElse("is"),
                        report.cut(),
                        report.commitTime(),
                        missing(report, untold, view.masked()),
                        Figures.counted(report.rows(), "row"),
                        Figures.counted(report.tables().size(), "table"),
                        view.masked().isEmpty() ? "the archive" : "what was sent");
    }

    private static String missing(RestoreReport report, Untold untold, List<MaskedColumn> masked) {
        List<String> missing = new ArrayList<>();
        if (!report.leftOut().isEmpty()) {
            missing.add("%d objects that were left out".formatted(report.leftOut().size()));
        }
        if (!report.withoutRows().isEmpty()) {
            missing.add(
                    "the rows of %s that were left out"
                            .formatted(Figures.counted(report.withoutRows().size(), "table")));
        }
        if (!untold.uncertain().isEmpty()) {
            missing.add("%d objects that are not known".formatted(untold.uncertain().size()));
        }
        if (!masked.isEmpty()) {
            missing.add(Figures.counted(masked.size(), "masked column"));
        }
        return missing.isEmpty() ? "" : " but for " + String.join(" and ", missing);
    }
}
