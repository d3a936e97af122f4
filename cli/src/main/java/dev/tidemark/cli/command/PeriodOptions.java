package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.config.Configuration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which time is looked through. */
final class PeriodOptions {
    @Option(
            names = "--since",
            paramLabel = "MOMENT",
            description = "Only what was committed at this moment or later.")
    String since = "";

    @Option(
            names = "--until",
            paramLabel = "MOMENT",
            description = "Only what was committed up to this moment.")
    String until = "";

    Optional<Moment> since(CommandContext context, Configuration configuration) {
        return moment(context, configuration, since);
    }

    Optional<Moment> until(CommandContext context, Configuration configuration) {
        return moment(context, configuration, until);
    }

    private static Optional<Moment> moment(
            CommandContext context, Configuration configuration, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(context.moment(text, configuration));
    }
}
