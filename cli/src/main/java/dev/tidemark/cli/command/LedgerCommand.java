package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark ledger}. */
@Command(
        name = "ledger",
        header = "List what was done with the archive: bases, restores, verifications.",
        description = {
            "%nThe newest first, with who did it, how long it took and whether it ended well. A restore counts as good"
                    + " when the database was equal to the archive, a verification when the archive was whole. At the end: how many ended"
                    + " well, how long restores took, and how much smaller the newest base is than its rows as text."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark ledger", "  tidemark ledger --limit 5 --json"})
final class LedgerCommand implements TidemarkCommand {
    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most this many; ${DEFAULT-VALUE} when not given.",
            defaultValue = "100")
    int limit;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) {
        try (Archive archive = context.parts(Section.ARCHIVE).archive()) {
            List<LedgerEntry> entries = archive.ledger().newest(limit);
            if (isJson) {
                context.printJson(entries);
            } else {
                print(context, entries, archive.state());
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private static void print(
            CommandContext context, List<LedgerEntry> entries, ArchiveState state) {
        TextTable table = new TextTable("time", "what", "result", "took", "bytes", "by");
        entries.forEach(
                entry ->
                        table.row(
                                entry.time(),
                                LedgerFigures.what(entry.kind()),
                                entry.good() ? "good" : "not good",
                                Figures.duration(entry.took()),
                                Figures.bytes(entry.bytes()),
                                entry.by().orElse("")));
        context.print(table);
        LedgerFigures.of(entries, state).forEach(context.out()::println);
    }
}
