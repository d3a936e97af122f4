package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.BaseAfterGap;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.GapDiagnosis;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark base}. */
@Command(
        name = "base",
        header = "Take a new base where changes cannot go on, and record the gap.",
        description = {
            "%nWhen the source's slot was dropped, lost or moved, the source failed over or was restored or upgraded,"
                    + " or the change log was lost, the changes in between cannot be had any more. This archives what"
                    + " is left in the change log, makes slot and publication anew, copies all tables, and goes on in"
                    + " the same archive: all moments before and after the gap can be restored, those in it are"
                    + " refused. Without --confirm it shows what it would do. Capture must not run meanwhile."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark base --from-source",
            "  tidemark base --from-source --confirm",
            "  tidemark base --from-source --confirm --new-system --reason upgrade"
        })
final class BaseCommand implements TidemarkCommand {
    @Option(
            names = "--from-source",
            required = true,
            description = "Copy the tables from the source.")
    boolean isFromSource;

    @Option(names = "--confirm", description = "Do it. Without this, only show what it would do.")
    boolean isConfirmed;

    @Option(
            names = "--new-system",
            description =
                    "The source is another cluster than before, as after an upgrade; without this such a one is refused.")
    boolean isNewSystem;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "What the archive says of the gap, instead of what was found.")
    Optional<String> reason = Optional.empty();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.SOURCE, Section.KAFKA, Section.ARCHIVE);
        try (Brokers brokers = parts.brokers()) {
            BaseAfterGap base =
                    new BaseAfterGap(
                            parts,
                            parts.topic(brokers.bootstrapServers()),
                            context.progress(),
                            Runtime.getRuntime().availableProcessors());
            GapDiagnosis found = base.look();
            if (isConfirmed) {
                refuseOtherSystem(found);
                print(context, base.run(reason));
            } else if (isJson) {
                context.printJson(found);
            } else {
                print(context, found);
            }
        }
        return ExitCode.DONE;
    }

    private void refuseOtherSystem(GapDiagnosis found) {
        if (found.isOtherSystem() && !isNewSystem) {
            throw TidemarkException.refused(
                    found.reasons().getLast(),
                    "Check source.url. If the source was upgraded or rebuilt and its history goes on there, say so with"
                            + " --new-system.");
        }
    }

    private static void print(CommandContext context, GapDiagnosis found) {
        if (found.reasons().isEmpty()) {
            context.out()
                    .println(
                            "Nothing is missing: capture can go on where it stopped. A new base would make a gap.");
        }
        found.reasons().forEach(reason -> context.out().println("found     " + reason));
        context.out().printf("archived  up to %s (%s)%n", found.archived(), found.archivedTime());
        found.captured()
                .filter(captured -> captured.isAfter(found.archived()))
                .ifPresent(
                        captured ->
                                context.out()
                                        .printf(
                                                "captured  up to %s, to be archived first%n",
                                                captured));
        context.out()
                .println(
                        "What was committed after that and before the new base would be lost for ever. Run it again with"
                                + " --confirm to do it.");
    }

    private void print(CommandContext context, BaseAfterGap.Result result) {
        result.warnings().forEach(problem -> context.warn(problem.what() + ". " + problem.hint()));
        Manifest base = result.base();
        if (isJson) {
            context.printJson(base);
            return;
        }
        Gap gap = base.gap().orElseThrow();
        context.out()
                .printf(
                        "gap       from %s (%s) to %s (%s): %s%n",
                        gap.from(),
                        gap.fromTime(),
                        base.span().to(),
                        base.span().latestCommit(),
                        gap.reason());
        context.out()
                .printf(
                        "The new base holds %s rows in %s, as of %s. Start the services with 'tidemark run'.%n",
                        Figures.count(result.rows()),
                        Figures.bytes(base.dataBytes()),
                        base.span().to());
    }
}
