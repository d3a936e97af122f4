package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.history.RowHistory;
import dev.tidemark.replay.history.RowVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark history}. */
@Command(
        name = "history",
        header = "Every change of one row: what, when, by which transaction.",
        description = {"%nReads the archive only, not the source. The newest changes come first."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark history crm.contact 4711",
            "  tidemark history crm.record_tag 4711 17",
            "  tidemark history crm.contact 4711 --json --limit 10"
        })
final class HistoryCommand implements TidemarkCommand {
    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "With its schema, as in crm.contact.")
    String table = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY",
            arity = "1..*",
            description = "The row's key; of a composite key all values, in the key's order.")
    List<String> key = new ArrayList<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most this many; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("history")) {
            List<RowVersion> versions = RowHistory.of(archive, temporary.path(), table, key);
            List<RowVersion> shown =
                    versions.subList(0, Math.toIntExact(Math.min(limit, versions.size())));
            if (isJson) {
                context.printJson(shown);
            } else {
                if (!shown.isEmpty()) {
                    RowVersions.print(context, shown);
                }
                context.out()
                        .printf("%d of %d versions, newest first%n", shown.size(), versions.size());
            }
            return versions.isEmpty() ? ExitCode.NO : ExitCode.DONE;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }
}
