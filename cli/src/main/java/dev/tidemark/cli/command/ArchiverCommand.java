package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Services;
import picocli.CommandLine.Command;

/** {@code tidemark archiver}. */
@Command(
        name = "archiver",
        header = "Service: Kafka to archive.",
        description = {
            "%nRuns until SIGTERM or Ctrl-C. A second archiver of the same source stands by."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark archiver", "  tidemark archiver --config crm.yaml"})
final class ArchiverCommand implements TidemarkCommand {
    @Override
    public boolean isService() {
        return true;
    }

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Services.run(
                context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE),
                services -> {
                    services.startArchiver();
                    services.startDrills(context.configurationFile());
                });
        return ExitCode.DONE;
    }
}
