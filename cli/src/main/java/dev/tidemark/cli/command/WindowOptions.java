package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.config.Configuration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which time is looked through, and how much of what is found there is shown. */
final class WindowOptions {
    @Mixin PeriodOptions period = new PeriodOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "List at most this many; ${DEFAULT-VALUE} when not given.",
            defaultValue = "50")
    int limit;

    Optional<Moment> since(CommandContext context, Configuration configuration) {
        return period.since(context, configuration);
    }

    Optional<Moment> until(CommandContext context, Configuration configuration) {
        return period.until(context, configuration);
    }
}
