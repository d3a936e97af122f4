package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Configuration;
import dev.tidemark.replay.history.HistoryRequest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which part of a row's history is shown. */
final class HistoryOptions {
    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "Only changes of this column, and what ended the row. Repeatable.")
    List<String> fields = new ArrayList<>();

    @Mixin PeriodOptions period = new PeriodOptions();

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
                period.since(context, configuration),
                period.until(context, configuration),
                fields,
                limit);
    }
}
