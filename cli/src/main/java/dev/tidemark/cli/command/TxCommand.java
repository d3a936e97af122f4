package dev.tidemark.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark tx}. */
@Command(
        name = "tx",
        header = "All that one transaction changed.",
        description = {"%nReads the archive only, not the source."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark tx xid:4711",
            "  tidemark tx 0/1A2B3C8",
            "  tidemark tx 2026-11-20T14:03:07Z --json"
        })
final class TxCommand implements TidemarkCommand {
    @Parameters(
            paramLabel = "MOMENT",
            description =
                    "xid:N, the position of its end, or a time: the last transaction up to then.")
    String moment = "";

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
        throw NotWired.error("tx");
    }
}
