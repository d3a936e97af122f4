package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.cli.wiring.PartJob;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.RowJob;
import dev.tidemark.replay.content.ChosenPart;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.mask.MaskPreview;
import dev.tidemark.replay.rows.RowRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code tidemark restore --preview} does: it shows what masks make of some rows, on the
 * standard output alone.
 */
record PreviewRun(CommandContext context, RestoreJob job, MaskJob mask, boolean isJson) {
    private static final int ROWS_MAX = 20; // of a table; a screen of them

    /** Longer values are cut on a terminal, and whole in JSON. */
    private static final int WIDTH_MAX = 56;

    /** Of some rows or of a part, if that was asked for. */
    ExitCode run(RestorePlan plan, Optional<RowRequest> rows, PartRequest part) {
        try {
            List<MaskPreview> tables = mask.preview(content(plan, rows, part), ROWS_MAX);
            mask.notes().forEach(context::warn);
            if (isJson) {
                context.printJson(tables);
            } else {
                tables.forEach(this::print);
                context.out()
                        .printf(
                                "%s with masked columns, as of %s. Nothing was written.%n",
                                Figures.counted(tables.size(), "table"), plan.cut().position());
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private Content content(RestorePlan plan, Optional<RowRequest> rows, PartRequest part) {
        if (rows.isPresent()) {
            RowJob.Ready ready = new RowJob(job, rows.get(), Optional.empty()).choose(plan);
            return ready.chosen().partOf(ready.catalog());
        }
        if (part.isWhole()) {
            var unused = job.masked(mask, plan); // what is undecided shows before the long work
            return job.content(plan);
        }
        PartJob of = new PartJob(job, part);
        ChosenPart chosen = of.chosen(plan);
        PartJob unused = of.masked(mask, plan, chosen);
        return of.source(plan, chosen);
    }

    private void print(MaskPreview table) {
        List<Integer> shown = new ArrayList<>();
        List<String> header = new ArrayList<>(List.of(""));
        for (int i = 0; i < table.columns().size(); i++) {
            MaskPreview.PreviewedColumn column = table.columns().get(i);
            if (!column.isKept() || column.isKey()) {
                shown.add(i);
                header.add(column.name());
            }
        }
        context.out().println(table.table());
        TextTable lines = new TextTable(header.toArray(String[]::new));
        for (MaskPreview.PreviewedRow row : table.rows()) {
            lines.row(line("before", shown, row.before()));
            lines.row(line("after", shown, row.after()));
        }
        context.print(lines);
        context.out().println();
    }

    private static Object[] line(String name, List<Integer> shown, List<Optional<String>> row) {
        List<Object> cells = new ArrayList<>(List.of(name));
        shown.forEach(place -> cells.add(row.get(place).map(PreviewRun::cut).orElse("NULL")));
        return cells.toArray();
    }

    private static String cut(String text) {
        return text.codePointCount(0, text.length()) > WIDTH_MAX
                ? text.substring(0, text.offsetByCodePoints(0, WIDTH_MAX - 1)) + "…"
                : text;
    }
}
