package dev.tidemark.cli.command;

import picocli.CommandLine.Option;

/** What is told of rows that differ. */
final class DifferenceOptions {
    @Option(
            names = "--rows",
            paramLabel = "N",
            description =
                    "Tell at most this many rows of each table that differs; ${DEFAULT-VALUE} when not given. With 0 none are"
                            + " looked for, and the source's snapshot ends as soon as it was read.",
            defaultValue = "10")
    int rowsMax;

    @Option(
            names = "--show-values",
            description =
                    "Show the values that differ, which may be secret; keys are always shown.")
    boolean isShowingValues;
}
