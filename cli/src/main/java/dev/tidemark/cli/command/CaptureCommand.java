package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Services;
import picocli.CommandLine.Command;

/** {@code tidemark capture}. */
@Command(
        name = "capture",
        header = "Service: source to Kafka.",
        description = {
            "%nRuns until SIGTERM or Ctrl-C. A second capture of the same source stands by.",
            "Where a command rewrites a table that is too large for the source's log, it takes a new base of that"
                    + " table into the archive, if the configuration names one."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark capture", "  tidemark capture --config crm.yaml"})
final class CaptureCommand implements TidemarkCommand {
    @Override
    public boolean isService() {
        return true;
    }

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Services.run(
                context.parts(Section.SOURCE, Section.KAFKA),
                services -> {
                    services.startCapture();
                    services.startTableBases();
                });
        return ExitCode.DONE;
    }
}
