package dev.tidemark.cli.command;

import picocli.CommandLine.Option;

/** How an answer is printed, when not as a table. */
final class AnswerFormat {
    @Option(names = "--json", description = "Print the rows as JSON: an array of objects, typed.")
    boolean isJson;

    @Option(
            names = "--csv",
            description =
                    "Print the rows as CSV with a header: NULL is nothing, an empty text is in quotes.")
    boolean isCsv;
}
