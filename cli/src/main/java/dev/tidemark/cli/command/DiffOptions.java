package dev.tidemark.cli.command;

import dev.tidemark.replay.difference.DifferenceRequest;
import dev.tidemark.replay.difference.DifferenceRequest.Scope;
import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What is told of a difference, and how. */
final class DiffOptions {
    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description =
                    "Only this table, as in crm.contact; also by a name that it had. A partitioned one has its partitions."
                            + " Repeatable.")
    List<String> tables = new ArrayList<>();

    @Option(
            names = "--net",
            description =
                    "Only what differs in the end: leave out rows that were changed and are as before.")
    boolean isNet;

    @Option(names = "--summary", description = "Only the counts, no rows.")
    boolean isSummary;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Show at most this many rows; ${DEFAULT-VALUE} when not given.",
            defaultValue = "1000")
    int limit;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Option(
            names = "--sql",
            description =
                    "Print what leads from M1 to M2 as SQL: one transaction, which fails where a row is not as at M1, or where a foreign"
                            + " key would delete or change rows that it does not know.")
    boolean isSql;

    DifferenceRequest request() {
        return new DifferenceRequest(
                tables, isNet || isSql ? Scope.NET : Scope.TOUCHED, isSummary || isSql ? 0 : limit);
    }

    void refuseWhatDoesNotFit() {
        if (isSql && (isJson || isSummary)) {
            throw TidemarkException.usage(
                    "--sql prints a patch, and --json and --summary print something else",
                    "Give one of them.");
        }
        if (tables.stream().anyMatch(String::isBlank)) {
            throw TidemarkException.usage(
                    "--table names no table", "Write it as in --table crm.contact.");
        }
    }
}
