package dev.tidemark.cli.command;

import picocli.CommandLine.Command;

/** {@code tidemark run}. */
@Command(
        name = "run",
        header = "Service: capture and archiver in one process.",
        description = {
            "%nRuns until SIGTERM or Ctrl-C. With kafka.bootstrap-servers: embedded it needs no broker."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark run", "  tidemark run --config crm.yaml"})
final class RunCommand implements TidemarkCommand {

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("run");
    }
}
