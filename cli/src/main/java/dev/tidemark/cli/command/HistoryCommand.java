package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.history.History;
import dev.tidemark.replay.history.HistoryRequest;
import dev.tidemark.replay.history.RowHistory;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark history}. */
@Command(
        name = "history",
        header = "Every change of one row: when, by whom, in which transaction, from what to what.",
        description = {
            "%nReads the archive only, not the source. The newest changes come first. Deletes, insertions of the same key and"
                    + " changes of the key are one line: the row is found by its key of today, and by its last one."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark history crm.contact 4711",
            "  tidemark history crm.record_tag 4711 17",
            "  tidemark history crm.contact 4711 --field stage --since 2026-11-01T00:00:00Z",
            "  tidemark history crm.contact 4711 --view versions --json --limit 10"
        })
final class HistoryCommand implements TidemarkCommand {
    /** What is shown of each change. */
    enum View {
        /** The fields that changed. */
        CHANGES,
        /** The whole row after it. */
        VERSIONS
    }

    @Mixin RowArguments row = new RowArguments();

    @Mixin HistoryOptions options = new HistoryOptions();

    @Option(
            names = "--view",
            paramLabel = "VIEW",
            description =
                    "changes: the fields that changed, of JSON the parts; versions: the whole row after each change.")
    View view = View.CHANGES;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        HistoryRequest request =
                options.request(context, parts.configuration(), row.table, row.key);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("history")) {
            RowHistory rows = parts.rowHistory(archive, temporary.path());
            History history =
                    switch (view) {
                        case CHANGES -> rows.changes(request);
                        case VERSIONS -> rows.versions(request);
                    };
            history.notes().forEach(context::warn);
            if (isJson) {
                context.printJson(history);
            } else {
                HistoryPrint.changes(context, history);
            }
            return history.wasThere() ? ExitCode.DONE : ExitCode.NO;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }
}
