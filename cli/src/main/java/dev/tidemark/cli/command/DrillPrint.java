package dev.tidemark.cli.command;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.DrillReport;
import dev.tidemark.cli.wiring.DrillReport.Outcome;
import dev.tidemark.replay.drill.TableDifference;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A drill's report for people. */
record DrillPrint(CommandContext context) {
    void warn(DrillReport report) {
        report.notKnown().forEach(object -> context.warn("not known: " + object));
        report.warnings().forEach(context::warn);
        report.leftOut().forEach(object -> context.warn("left out: " + object));
        report.tables().stream()
                .filter(table -> table.outcome() == Outcome.NOT_COMPARED)
                .forEach(
                        table ->
                                context.warn(
                                        "not compared: %s: %s"
                                                .formatted(table.name(), table.note().orElse(""))));
    }

    void print(DrillReport report) {
        TextTable table = new TextTable("table", "rows", "checksum", "result");
        report.tables()
                .forEach(
                        one ->
                                table.row(
                                        one.name(),
                                        one.restored().map(rows -> "" + rows.rows()).orElse("-"),
                                        one.restored()
                                                .map(DrillReport.Rows::checksum)
                                                .orElse("no such table"),
                                        result(one)));
        context.print(table);
        report.differences().forEach(this::print);
        printEnd(report);
    }

    /** For a log: tables only if they are not as they should be. */
    void printInShort(DrillReport report) {
        report.tables().stream()
                .filter(table -> table.outcome() == Outcome.DIFFERENT)
                .forEach(table -> context.out().println(table.name() + ": " + result(table)));
        printEnd(report);
    }

    private void printEnd(DrillReport report) {
        report.seed()
                .ifPresent(
                        seed ->
                                context.out()
                                        .printf(
                                                "drawn with --seed %d: %s%n",
                                                seed, report.moment()));
        context.out()
                .printf(
                        "restored into %s in %s; the drill took %s (%s)%n",
                        report.into(),
                        Figures.duration(report.restored()),
                        Figures.duration(report.took()),
                        phases(report));
        context.out().println(verdict(report));
    }

    private static String result(DrillReport.DrilledTable table) {
        String word = word(table.outcome());
        return table.outcome() == Outcome.DIFFERENT
                ? table.source()
                        .map(
                                rows ->
                                        "%s: the source has %d rows, %s"
                                                .formatted(word, rows.rows(), rows.checksum()))
                        .orElse(word + ": the source has no such table")
                : word;
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String phases(DrillReport report) {
        return report.phases().entrySet().stream()
                .map(phase -> word(phase.getKey()) + " " + Figures.duration(phase.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void print(TableDifference difference) {
        TextTable table = new TextTable("row of " + difference.table(), "how", "columns");
        difference.rows().forEach(row -> table.row(row.key(), how(row), columns(row)));
        context.print(table);
        if (difference.rows().isEmpty()) {
            context.out().println("no row of it differs now: it differed in what was read before");
        } else if (!difference.isAll()) {
            context.out().println("and more");
        }
    }

    private static String how(TableDifference.Row row) {
        return row.kind() == TableDifference.Kind.CHANGED
                ? word(row.kind())
                : "%s: %d in the source, %d restored"
                        .formatted(word(row.kind()), row.source(), row.restored());
    }

    private static String columns(TableDifference.Row row) {
        return row.columns().stream()
                .map(
                        field ->
                                field.column()
                                        + field.values()
                                                .map(
                                                        values ->
                                                                ": %s → %s"
                                                                        .formatted(
                                                                                text(
                                                                                        values
                                                                                                .source()),
                                                                                text(
                                                                                        values
                                                                                                .restored())))
                                                .orElse(""))
                .collect(Collectors.joining(", "));
    }

    private static String text(Optional<String> value) {
        return value.map(text -> "'" + text + "'").orElse("NULL");
    }

    private static String verdict(DrillReport report) {
        String what =
                "%s rows of %s"
                        .formatted(
                                Figures.count(report.rows()),
                                Figures.counted(report.tables().size(), "table"));
        String when = "%s (%s)".formatted(report.position(), report.commitTime());
        return switch (report.verdict()) {
            case EQUAL_TO_THE_SOURCE -> "equal to the source at %s: %s".formatted(when, what);
            case PARTLY_COMPARED ->
                    "restored and read back as of %s, but only %d of %s could be compared with the source: %s"
                            .formatted(
                                    when,
                                    report.count(Outcome.EQUAL),
                                    Figures.counted(report.tables().size(), "table"),
                                    what);
            case RESTORED_AND_READ_BACK ->
                    report.tables().isEmpty()
                            ? "restored as of %s: there was no table to compare".formatted(when)
                            : "restored and read back as of %s, not compared with the source: %s"
                                    .formatted(when, what);
            case DIFFERENT ->
                    "different from the source at %s: %d of %s"
                            .formatted(
                                    when,
                                    report.count(Outcome.DIFFERENT),
                                    Figures.counted(report.tables().size(), "table"));
            case NOT_WHOLE ->
                    "restored as of %s, but not whole: %d objects left out, %d not known"
                            .formatted(when, report.leftOut().size(), report.notKnown().size());
        };
    }
}
