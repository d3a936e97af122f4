package dev.tidemark.cli.demo;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A demo's report as a person reads it. */
public record DemoStory(DemoReport report, boolean isTerminal) {
    public void print(PrintStream out) {
        out.println();
        happened().forEach(out::println);
        out.println();
        moments().print(out, isTerminal);
        out.println();
        report.moments().stream()
                .flatMap(moment -> moment.differences().stream().map(line -> line(moment, line)))
                .forEach(out::println);
        objects().forEach(out::println);
        figures().forEach(out::println);
        out.println();
        explore().forEach(out::println);
        out.println();
        out.println(verdict());
    }

    private List<String> happened() {
        DemoReport.Work work = report.work();
        DemoReport.Accident accident = report.accident();
        return List.of(
                "A CRM of %s rows in %d tables got its first base in %s."
                        .formatted(
                                Figures.count(report.base().rows()),
                                report.base().tables(),
                                Figures.duration(report.base().duration())),
                "%d sessions then worked on it for %s, while capture and archiver followed."
                        .formatted(work.sessions(), Figures.duration(work.duration())),
                "In the middle, a release added, renamed and dropped columns, and made a new table.",
                "Then an import script took contacts for duplicates: transaction xid:%d deleted %s rows."
                        .formatted(accident.xid(), Figures.count(accident.rows())),
                "The sessions went on, as they do. Three moments were restored, and every row compared",
                "with what the source itself had answered at that moment:");
    }

    private TextTable moments() {
        TextTable table = new TextTable("restore", "which is", "tables", "rows", "took", "equal");
        for (DemoReport.Moment moment : report.moments()) {
            table.row(
                    moment.option(),
                    moment.name(),
                    moment.tables(),
                    moment.rows(),
                    Figures.duration(moment.duration()),
                    moment.isEqual() ? "yes" : "NO");
        }
        return table;
    }

    private static String line(DemoReport.Moment moment, String difference) {
        return "DIFFERS " + moment.option() + ": " + difference;
    }

    /** Equal rows are not all that a database is: what is not as at the source is said. */
    private List<String> objects() {
        Map<String, List<String>> databases = new LinkedHashMap<>();
        for (DemoReport.Moment moment : report.moments()) {
            List<String> unlike = new ArrayList<>(moment.objectsUnlike());
            moment.objectsBeyond().stream()
                    .filter(object -> !unlike.contains(object))
                    .forEach(unlike::add);
            if (!unlike.isEmpty()) {
                databases
                        .computeIfAbsent(String.join(", ", unlike), any -> new ArrayList<>())
                        .add(moment.option());
            }
        }
        List<String> lines = new ArrayList<>();
        databases.forEach(
                (objects, options) -> {
                    lines.add("Not as at the source, beside the rows: " + objects);
                    lines.add("  in " + String.join(" and ", options));
                });
        if (!lines.isEmpty()) {
            lines.add("");
        }
        return lines;
    }

    private List<String> figures() {
        DemoReport.Work work = report.work();
        DemoReport.Loss loss = report.loss();
        DemoReport.Archived archive = report.archive();
        List<String> lines = new ArrayList<>();
        lines.add(
                "captured   %s changes in %s transactions: %s changes/s"
                        .formatted(
                                Figures.count(archive.changes()),
                                Figures.count(archive.transactions()),
                                Figures.count(work.changesPerSecond())));
        lines.add(
                "to Kafka   %s after the commit (median), %s (99 of 100)"
                        .formatted(
                                Figures.duration(loss.toKafkaMedian()),
                                Figures.duration(loss.toKafkaHigh())));
        lines.add(
                "to archive %s after the commit (median), %s (99 of 100); a segment is cut every 2 s"
                        .formatted(
                                Figures.duration(loss.toArchiveMedian()),
                                Figures.duration(loss.toArchiveHigh())));
        lines.add(
                "archive    base %s, %d segments %s: %s bytes a change"
                        .formatted(
                                Figures.bytes(archive.baseBytes()),
                                archive.segments(),
                                Figures.bytes(archive.segmentBytes()),
                                String.format(Locale.ROOT, "%.1f", archive.bytesPerChange())));
        lines.add(
                "verify     %s: %d files, %s changes, %d problems"
                        .formatted(
                                report.verified().isWhole() ? "whole" : "NOT WHOLE",
                                report.verified().files(),
                                Figures.count(report.verified().changes()),
                                report.verified().problems().size()));
        report.verified().problems().forEach(problem -> lines.add("PROBLEM    " + problem));
        return lines;
    }

    private List<String> explore() {
        if (!report.isKept()) {
            return List.of(
                    "Servers and files are gone. To look around in the archive, run it again with --keep.");
        }
        String command = "  ./tidemark --config " + shell(report.configuration().toString()) + " ";
        List<String> lines = new ArrayList<>();
        lines.add("The servers are stopped. These work from the archive alone:");
        lines.add(command + "info");
        lines.add(command + "verify");
        report.example().ifPresent(id -> lines.add(command + "history crm.contacts " + id));
        lines.add(command + "tx xid:" + report.accident().xid() + " --limit 20");
        for (DemoReport.Moment moment : report.moments()) {
            lines.add(command + "restore " + moment.option() + " --dry-run");
        }
        lines.add("With an empty database of yours, leave out --dry-run and give --into URL.");
        return lines;
    }

    /** A word for the shell. */
    static String shell(String word) {
        return word.matches("[A-Za-z0-9_@%+=:,./-]+")
                ? word
                : "'" + word.replace("'", "'\\''") + "'";
    }

    private String verdict() {
        return "%s In %s, with seed %d."
                .formatted(
                        report.isEqual()
                                ? "All rows equal: every restored table is, row by row, what the source held."
                                : "NOT EQUAL: something above differs. This is a defect of Tidemark; please report it.",
                        Figures.duration(report.elapsed()),
                        report.seed());
    }
}
