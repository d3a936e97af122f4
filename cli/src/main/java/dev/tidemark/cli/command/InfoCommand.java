package dev.tidemark.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark info}. */
@Command(
        name = "info",
        header = "What can be restored, how much would be lost now, how long a restore takes.",
        description = {
            "%nShows window, bases, segments, gaps and sizes of the archive, the RPO now, and an estimated RTO."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark info", "  tidemark info --json"})
final class InfoCommand implements TidemarkCommand {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("info");
    }
}
