package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.search.Found;
import dev.tidemark.replay.search.Search;
import dev.tidemark.replay.search.SearchRequest;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark find}. */
@Command(
        name = "find",
        header = "Changes by what they are: column, value, text, operation, actor, time.",
        description = {
            "%nReads the archive only, not the source. First come counts, then bursts of the same by the same actor"
                    + " with the moment just before them, then the newest changes. All that is given must hold."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark find crm.deal --column stage --from open --to lost",
            "  tidemark find --value ann@example.com --since 2026-11-01T00:00:00Z",
            "  tidemark find crm.contact --operation delete --incidents",
            "  tidemark find --text 'Acme Ltd' --actor import --json"
        })
final class FindCommand implements TidemarkCommand {
    /** Beside rows; --incidents shows more. */
    private static final int INCIDENTS_MAX = 5;

    @Parameters(
            arity = "0..1",
            paramLabel = "TABLE",
            description =
                    "With its schema, as in crm.contact; also by a name that it had. All tables when not given.")
    String table = "";

    @Mixin FindOptions options = new FindOptions();

    @Option(
            names = "--incidents",
            description = "List bursts of transactions alone, the largest first, up to --limit.")
    boolean isIncidents;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        SearchRequest request = options.request(context, parts.configuration(), table);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("find");
                Progress.Task task = SearchBeginning.start(context)) {
            Search search =
                    new Search(
                            archive,
                            temporary.path(),
                            SearchBeginning.profile(parts, archive),
                            task::advance);
            Found found =
                    isIncidents
                            ? search.find(request.showing(0), options.window.limit)
                            : search.find(request, INCIDENTS_MAX);
            found.notes().forEach(context::warn);
            if (isJson) {
                context.printJson(found);
            } else {
                FindPrint.found(context, found);
            }
            return found.changes() > 0 ? ExitCode.DONE : ExitCode.NO;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }
}
