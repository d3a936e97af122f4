package dev.tidemark.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where to write down what a command did. */
final class ReportOptions {
    @Option(
            names = "--report",
            paramLabel = "FILE",
            description =
                    "Also write what --json prints into a file, whole or not at all, after a failure too. An older file"
                            + " of that name is removed when the work begins.")
    Optional<Path> path = Optional.empty();

    /** The file, after a look whether it can be written. */
    ReportFile file(CommandContext context) {
        return path.map(given -> ReportFile.at(context.directory().resolve(given)))
                .orElseGet(ReportFile::none);
    }
}
