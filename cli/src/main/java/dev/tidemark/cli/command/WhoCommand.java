package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.search.ActingPeople;
import dev.tidemark.replay.search.ActorAnswer;
import dev.tidemark.replay.search.ActorSearch;
import dev.tidemark.replay.search.FieldQuestion;
import dev.tidemark.replay.search.SearchRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark who}. */
@Command(
        name = "who",
        header = "What one actor did, or who did anything.",
        description = {
            "%nReads the archive only, not the source. An actor is who the application named in the transaction"
                    + " (docs/actors.md), or else whom the changed row names (docs/profile.md); these two are told apart."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark who ann@example.com",
            "  tidemark who ann@example.com --table crm.deal --since 2026-11-01T00:00:00Z",
            "  tidemark who --since 2026-11-20T00:00:00Z"
        })
final class WhoCommand implements TidemarkCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "ACTOR",
            description = "As the application or the row names them. All who acted when not given.")
    String actor = "";

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Only changes of this table; also by a name that it had.")
    String table = "";

    @Mixin WindowOptions window = new WindowOptions();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        SearchRequest request = request(context, parts.configuration());
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("who");
                Progress.Task task = SearchBeginning.start(context)) {
            ActorSearch search =
                    new ActorSearch(
                            archive,
                            temporary.path(),
                            SearchBeginning.profile(parts, archive),
                            task::advance);
            return actor.isEmpty()
                    ? print(context, search.all(request))
                    : print(context, search.who(request));
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private SearchRequest request(CommandContext context, Configuration configuration) {
        return new SearchRequest(
                Optional.of(table).filter(name -> !name.isEmpty()),
                FieldQuestion.NONE,
                Set.of(),
                Optional.of(actor).filter(name -> !name.isEmpty()),
                window.since(context, configuration),
                window.until(context, configuration),
                window.limit);
    }

    private ExitCode print(CommandContext context, ActorAnswer answer) {
        answer.notes().forEach(context::warn);
        if (isJson) {
            context.printJson(answer);
        } else {
            WhoPrint.answer(context, answer);
        }
        return answer.isAny() ? ExitCode.DONE : ExitCode.NO;
    }

    private ExitCode print(CommandContext context, ActingPeople people) {
        people.notes().forEach(context::warn);
        if (isJson) {
            context.printJson(people);
        } else {
            WhoPrint.people(context, people);
        }
        return people.actors().isEmpty() ? ExitCode.NO : ExitCode.DONE;
    }
}
