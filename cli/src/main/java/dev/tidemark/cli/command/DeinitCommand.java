package dev.tidemark.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark deinit}. */
@Command(
        name = "deinit",
        header = "Remove every trace of Tidemark from the source.",
        description = {
            "%nShows publication, slot, triggers, role and topic that it would remove. The archive stays."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark deinit",
            "  tidemark deinit --confirm",
            "  tidemark deinit --confirm --keep-log"
        })
final class DeinitCommand implements TidemarkCommand {
    @Option(names = "--confirm", description = "Do it. Without this, only show what would go.")
    boolean isConfirmed;

    @Option(names = "--keep-log", description = "Leave the topic in Kafka.")
    boolean isLogKept;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("deinit");
    }
}
