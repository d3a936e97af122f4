package dev.tidemark.cli.command;

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
    @Parameters(paramLabel = "TABLE", description = "With its schema, as in crm.contact.")
    String table = "";

    @Parameters(
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
        throw NotWired.error("history");
    }
}
