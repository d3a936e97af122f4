package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.RewindJob;
import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.replay.rewind.RewindReport;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark rewind}. */
@Command(
        name = "rewind",
        header = "Move a restored database to another moment, back or forth.",
        description = {
            "%nOnly the rows that differ between the two moments change, in one transaction: it takes seconds where a"
                    + " restore takes hours. Others can read the database meanwhile; if it breaks off, nothing was changed.",
            "%nThe database must be one that 'tidemark restore' built whole. Where others changed rows, or the"
                    + " schema differs between the moments, it is refused.",
            "The password of URL comes from TIDEMARK_TARGET_PASSWORD or ~/.pgpass."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark rewind --to 2026-11-20T14:03:07Z --on postgresql://me@staging:5432/crm",
            "  tidemark rewind --before xid:4711 --on postgresql://me@staging:5432/crm --overwrite-changes"
        })
final class RewindCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "1")
    TargetOptions target = new TargetOptions();

    @Mixin MoveOptions move = new MoveOptions();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) {
        Parts parts = context.parts(Section.ARCHIVE);
        Target moment = target.target(context, parts.configuration());
        return move.run(context, parts, "rewind", moving -> run(context, moving, moment));
    }

    private ExitCode run(CommandContext context, MoveOptions.Moving moving, Target moment)
            throws IOException {
        RewindJob job =
                new RewindJob(
                        moving.archive(),
                        moving.temporary(),
                        moving.database(),
                        move.options(RewindOptions.Views.REFRESHED),
                        context.progress());
        RewindReport report = job.run(moment);
        report.notes().forEach(context::warn);
        if (isJson) {
            context.printJson(MoveView.of(report));
        } else {
            print(context, report, moving.database());
        }
        return ExitCode.DONE;
    }

    private static void print(CommandContext context, RewindReport report, Database database) {
        TextTable tables = new TextTable("table", "taken out", "put in", "rows now", "loaded anew");
        report.tables()
                .forEach(
                        table ->
                                tables.row(
                                        table.name(),
                                        table.taken(),
                                        table.put(),
                                        table.checksum().rows(),
                                        table.whole()));
        context.print(tables);
        context.out()
                .printf(
                        "%s is as the source was at %s (%s), and was at %s: %s taken out, %s put in, each read back.%n",
                        database.url(),
                        report.to().position(),
                        report.to().commitTime(),
                        report.from().position(),
                        Figures.counted(report.taken(), "row"),
                        Figures.counted(report.put(), "row"));
    }
}
