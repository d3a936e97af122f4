package dev.tidemark.cli.command;

import dev.tidemark.replay.content.Extent;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.content.Rename;
import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What of a database is brought back, and under which names. */
final class PartOptions {
    @Mixin SelectionOptions selection = new SelectionOptions();

    @Option(
            names = "--rename",
            paramLabel = "TABLE=NAME",
            description =
                    "Bring a table back under another name, with indexes and sequences of names that fit it:"
                            + " contact=contact_1403 or crm.contact=old.contact. May be given several times.")
    List<String> renames = new ArrayList<>();

    @Option(names = "--structure-only", description = "Bring no rows back.")
    boolean isStructureOnly;

    @Option(
            names = "--data-only",
            description =
                    "Bring only rows back. A restore needs tables that are there and empty, or --replace --confirm, which"
                            + " deletes their rows, and does all in one transaction.")
    boolean isDataOnly;

    /** Does nothing but --table choose? */
    boolean isOfTablesAlone() {
        return renames.isEmpty() && !isStructureOnly && !isDataOnly && selection.isOfTablesAlone();
    }

    PartRequest request() {
        if (isStructureOnly && isDataOnly) {
            throw TidemarkException.usage(
                    "--structure-only and --data-only leave nothing", "Give one of them or none.");
        }
        Extent extent = isDataOnly ? Extent.ROWS : isStructureOnly ? Extent.STRUCTURE : Extent.ALL;
        return new PartRequest(
                selection.selection(), renames.stream().map(Rename::parse).toList(), extent);
    }
}
