package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.replay.history.HistoryRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which part of a row's history is shown. */
final class HistoryOptions {
    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "Only changes of this column, and what ended the row. Repeatable.")
    List<String> fields = new ArrayList<>();

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

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most this many; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    HistoryRequest request(
            CommandContext context, Configuration configuration, String table, List<String> key) {
        return new HistoryRequest(
                table,
                key,
                moment(context, configuration, since),
                moment(context, configuration, until),
                fields,
                limit);
    }

    private static Optional<Moment> moment(
            CommandContext context, Configuration configuration, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(context.moment(text, configuration));
    }
}
