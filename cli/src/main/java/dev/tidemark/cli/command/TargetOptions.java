package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Configuration;
import picocli.CommandLine.Option;

/** Where to go: exactly one of the two is given. */
final class TargetOptions {
    // No Optional here: picocli takes one as given, and the group as complete.
    @Option(
            names = "--to",
            paramLabel = "MOMENT",
            description = "As of this moment, which is included.")
    String to = "";

    @Option(
            names = "--before",
            paramLabel = "MOMENT",
            description = "As of just before this moment.")
    String before = "";

    boolean isGiven() {
        return !to.isEmpty() || !before.isEmpty();
    }

    Target target(CommandContext context, Configuration configuration) {
        boolean isBefore = to.isEmpty();
        return new Target(context.moment(isBefore ? before : to, configuration), isBefore);
    }
}
