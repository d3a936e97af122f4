package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.history.Blame;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark blame}. */
@Command(
        name = "blame",
        header = "Of each field of one row: who set it last, when, in which transaction.",
        description = {
            "%nReads the archive only, not the source. Of a row that is gone it says first what deleted it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark blame crm.contact 4711",
            "  tidemark blame crm.contact 4711 --at 2026-03-31T23:59:59Z",
            "  tidemark blame crm.record_tag 4711 17 --json"
        })
final class BlameCommand implements TidemarkCommand {
    @Mixin RowArguments row = new RowArguments();

    @Option(
            names = "--at",
            paramLabel = "MOMENT",
            defaultValue = "latest",
            description = "The row as of this moment; ${DEFAULT-VALUE} when not given.")
    String at = "latest";

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        Moment moment = context.moment(at, parts.configuration());
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("blame")) {
            Blame blame =
                    parts.rowHistory(archive, temporary.path()).blame(row.table, row.key, moment);
            blame.notes().forEach(context::warn);
            if (isJson) {
                context.printJson(blame);
            } else {
                HistoryPrint.blame(context, blame);
            }
            boolean isNothing = blame.fields().isEmpty() && blame.end().isEmpty();
            return isNothing && !blame.isOlder() ? ExitCode.NO : ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }
}
