package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.Services;
import picocli.CommandLine.Command;

/** {@code tidemark capture}. */
@Command(
        name = "capture",
        header = "Service: source to Kafka.",
        description = {
            "%nRuns until SIGTERM or Ctrl-C. A second capture of the same source stands by."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark capture", "  tidemark capture --config crm.yaml"})
final class CaptureCommand implements TidemarkCommand {

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.SOURCE, Section.KAFKA);
        try (Brokers brokers = parts.brokers()) {
            Services services = new Services(parts, parts.topic(brokers.bootstrapServers()));
            brokers.whenBroken(services::endWith);
            services.startCapture();
            services.runUntilInterrupted();
        }
        return ExitCode.DONE;
    }
}
