package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark ledger}. */
@Command(
        name = "ledger",
        header = "List what was done with the archive: bases, restores, verifications.",
        description = {
            "%nThe newest first, with who did it, how long it took and whether it ended well. A restore counts as good"
                    + " when the database was equal to the archive, a verification when the archive was whole; what broke off on"
                    + " the way, or met damage, is not good. What was refused before it began, and what was interrupted, is no entry. At the end, of all"
                    + " entries, also those that are not shown (the newest 10,000): how many ended"
                    + " well, how long restores took, and how much smaller the newest base is than its rows as text.",
            "%nAn outage is a time of more than 5 minutes, and of more than three times segment.idle-age, in which nothing was"
                    + " archived; a shorter one is no entry. What the archiver tries again and again without success is one entry a day."
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

    @Option(names = "--json", description = "Print the entries as JSON.")
    boolean isJson;

    /** An hour's merges of a year. More would take minutes to read from S3. */
    private static final int FIGURES_OF = 10_000;

    @Override
    public boolean isLogged() {
        return false; // it shows nothing of what is in the archive
    }

    @Override
    public ExitCode run(CommandContext context) {
        try (Archive archive = context.parts(Section.ARCHIVE).archive()) {
            if (isJson) {
                context.printJson(archive.ledger().newest(limit));
            } else {
                List<LedgerEntry> all = archive.ledger().newest(Math.max(limit, FIGURES_OF));
                print(context, all, archive.state());
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private static String result(LedgerEntry entry) {
        String result = entry.good() ? "good" : "not good";
        return entry.drill()
                .map(
                        drill ->
                                result
                                        + ", "
                                        + drill.verdict()
                                                .toLowerCase(Locale.ROOT)
                                                .replace('_', ' '))
                .orElse(result);
    }

    private void print(CommandContext context, List<LedgerEntry> all, ArchiveState state) {
        List<LedgerEntry> entries = all.subList(0, Math.min(limit, all.size()));
        TextTable table = new TextTable("time", "what", "result", "took", "bytes", "by");
        entries.forEach(
                entry ->
                        table.row(
                                entry.time(),
                                LedgerFigures.what(entry.kind()),
                                result(entry),
                                Figures.duration(entry.took()),
                                Figures.bytes(entry.bytes()),
                                entry.by().orElse("")));
        context.print(table);
        context.out()
                .printf(
                        "%s of %s entries, newest first%n",
                        Figures.count(entries.size()), Figures.count(all.size()));
        LedgerFigures.of(all, state).forEach(context.out()::println);
    }
}
