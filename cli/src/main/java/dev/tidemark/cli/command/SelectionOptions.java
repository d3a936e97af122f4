package dev.tidemark.cli.command;

import dev.tidemark.replay.content.Selection;
import dev.tidemark.replay.content.TablePattern;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which tables and schemas are meant, by pg_dump's patterns of names. */
final class SelectionOptions {
    @Option(
            names = {"-t", "--table"},
            paramLabel = "PATTERN",
            description =
                    "Only tables of this name, and what they need: table or schema.table, with * and ? as in pg_dump and"
                            + " capitals in double quotes. May be given several times; with a partitioned table come its"
                            + " partitions.")
    List<String> tables = new ArrayList<>();

    @Option(
            names = {"-n", "--schema"},
            paramLabel = "PATTERN",
            description =
                    "Only what is in schemas of this name, and what that needs; adds to --table. May be given several"
                            + " times.")
    List<String> schemas = new ArrayList<>();

    @Option(
            names = {"-T", "--exclude-table"},
            paramLabel = "PATTERN",
            description = "Leave tables of this name out in any case. May be given several times.")
    List<String> excludedTables = new ArrayList<>();

    @Option(
            names = {"-N", "--exclude-schema"},
            paramLabel = "PATTERN",
            description =
                    "Leave tables in schemas of this name out in any case. May be given several times.")
    List<String> excludedSchemas = new ArrayList<>();

    boolean isOfTablesAlone() {
        return schemas.isEmpty() && excludedTables.isEmpty() && excludedSchemas.isEmpty();
    }

    Selection selection() {
        return new Selection(
                tables.stream().map(TablePattern::parse).toList(),
                schemas,
                excludedTables.stream().map(TablePattern::parse).toList(),
                excludedSchemas);
    }
}
