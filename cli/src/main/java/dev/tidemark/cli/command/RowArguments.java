package dev.tidemark.cli.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Which row is asked about. */
final class RowArguments {
    @Parameters(
            index = "0",
            paramLabel = "TABLE",
            description = "With its schema, as in crm.contact; also by a name that it had.")
    String table = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY",
            arity = "1..*",
            description = "The row's key; of a composite key all values, in the key's order.")
    List<String> key = new ArrayList<>();

    /** For people. */
    @Override
    public String toString() {
        return table + " " + String.join(",", key);
    }
}
