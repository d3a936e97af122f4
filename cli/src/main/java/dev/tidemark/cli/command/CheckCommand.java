package dev.tidemark.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark check}. */
@Command(
        name = "check",
        header = "Find all that could make a later restore inexact or impossible.",
        description = {
            "%nLooks at the source, Kafka and the archive, and changes nothing. Exit code 1: problems were found."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark check", "  tidemark check --json"})
final class CheckCommand implements TidemarkCommand {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("check");
    }
}
