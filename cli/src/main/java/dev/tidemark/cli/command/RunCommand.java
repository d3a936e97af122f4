package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Services;
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
    public boolean isService() {
        return true;
    }

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Services.run(
                context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE),
                services -> {
                    services.startCapture();
                    services.startTableBases();
                    services.startArchiver();
                    services.startDrills(context.configurationFile());
                });
        return ExitCode.DONE;
    }
}
