package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.wiring.BaseAfterGap;
import dev.tidemark.cli.wiring.BaseFromArchive;
import dev.tidemark.cli.wiring.BaseFromSource;
import dev.tidemark.cli.wiring.Brokers;
import dev.tidemark.cli.wiring.GapDiagnosis;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark base}. */
@Command(
        name = "base",
        header = "Make a new base: from the archive itself, or from the source.",
        description = {
            "%nA restore starts from the newest base before its moment and reads all changes from there on. Without"
                    + " --from-source this makes a base from what the archive holds, as of its end. The source is not"
                    + " asked, services go on meanwhile, and tables that did not change since the base before are not"
                    + " copied again. One that broke off, within a day, is gone on with: it stays as of the same moment, and the tables that were"
                    + " finished are not written again.",
            "%nWith --from-source, while capture and archiver run: copies all tables from the source, or those named by"
                    + " --table, as of one position. From there on they count instead of what the archive has of them, as when"
                    + " 'tidemark verify' found damage, or a restored table was not what the source had. Nothing is lost by"
                    + " it. After a copy of all tables restores to later moments need nothing of what is older.",
            "%nWith --from-source, while no capture runs: when the source's slot was dropped, lost or moved, the source failed over or was restored or upgraded,"
                    + " or the change log was lost, the changes in between cannot be had any more. This archives what"
                    + " is left in the change log, makes slot and publication anew, copies all tables, and goes on in"
                    + " the same archive: all moments before and after the gap can be restored, those in it are"
                    + " refused. Without --confirm it shows what it would do."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark base",
            "  tidemark base --from-source",
            "  tidemark base --from-source --table public.deal --table public.contact",
            "  tidemark base --from-source --confirm",
            "  tidemark base --from-source --confirm --new-system --reason upgrade"
        })
final class BaseCommand implements TidemarkCommand {
    @Option(
            names = "--from-source",
            description =
                    "Copy the tables from the source: beside the services, or where changes cannot go on, recording what"
                            + " is lost as a gap.")
    boolean isFromSource;

    @Option(
            names = "--table",
            paramLabel = "NAME",
            description =
                    "With --from-source: copy this table alone (schema.table). Can be given several times.")
    List<String> tables = List.of();

    @Option(
            names = "--confirm",
            description =
                    "Do it where changes cannot go on. Without this, only show what it would do.")
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
        refuseOptions();
        if (!isFromSource) {
            fold(context);
            return ExitCode.DONE;
        }
        if (!isConfirmed && isBesideServices(context)) {
            if (isNewSystem || reason.isPresent()) {
                throw TidemarkException.usage(
                        "--new-system and --reason are for where changes cannot go on, and a capture is at work",
                        "Leave them out to copy the tables beside it, or stop the services first.");
            }
            copy(context);
            return ExitCode.DONE;
        }
        LedgerPen pen = context.ledgerPen();
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
                print(context, run(base, parts, pen));
            } else if (isJson) {
                context.printJson(found);
            } else {
                print(context, found);
            }
        }
        return ExitCode.DONE;
    }

    /** One that broke off is noted; one that was refused did nothing. */
    private BaseAfterGap.Result run(BaseAfterGap base, Parts parts, LedgerPen pen)
            throws InterruptedException {
        try {
            BaseAfterGap.Result result = base.run(reason);
            pen.note(parts, LedgerEntry.Kind.GAP, true, result.base().dataBytes());
            return result;
        } catch (TidemarkException e) {
            if (e.kind() == TidemarkException.Kind.FAILED) {
                pen.note(parts, LedgerEntry.Kind.GAP, false, 0);
            }
            throw e;
        }
    }

    private void refuseOptions() {
        boolean isForGap = isConfirmed || isNewSystem || reason.isPresent();
        if (!isFromSource && isForGap) {
            throw TidemarkException.usage(
                    "--confirm, --new-system and --reason are for --from-source",
                    "A base from the archive loses nothing and needs none of them.");
        }
        if (!tables.isEmpty() && (isForGap || !isFromSource)) {
            throw TidemarkException.usage(
                    "--table is for --from-source beside the services, without --confirm, --new-system and --reason",
                    "A base from the archive, and one where changes cannot go on, is of all tables.");
        }
    }

    private boolean isBesideServices(CommandContext context) {
        return !tables.isEmpty() || source(context).isCapturing();
    }

    private static BaseFromSource source(CommandContext context) {
        return new BaseFromSource(
                context.parts(Section.SOURCE, Section.ARCHIVE),
                context.progress(),
                Runtime.getRuntime().availableProcessors(),
                context.ledgerPen());
    }

    private void copy(CommandContext context) throws InterruptedException {
        BaseFromSource source = source(context);
        BaseFromSource.Result result = tables.isEmpty() ? source.ofAll() : source.ofTables(tables);
        if (isJson) {
            context.printJson(result);
            return;
        }
        context.out()
                .printf(
                        "Copied %s rows of %s from the source in %s, as of %s (%s).%n",
                        Figures.count(result.rows()),
                        Figures.counted(result.tables().size(), "table"),
                        Figures.bytes(result.bytes()),
                        result.position(),
                        result.time());
        result.whole()
                .ifPresent(
                        made ->
                                context.out()
                                        .printf(
                                                "From %s (%s) on restores begin with them, and read nothing of before.%n",
                                                made.manifest().span().to(),
                                                made.manifest().span().latestCommit()));
    }

    /**
     * What programs read.
     *
     * @param isNew was there anything to make?
     */
    private record FoldedView(boolean isNew, Optional<FoldedBase.Made> base) {}

    private void fold(CommandContext context) {
        Optional<FoldedBase.Made> made =
                BaseFromArchive.run(
                        context.parts(Section.ARCHIVE),
                        context.progress(),
                        context.ledgerPen(),
                        one -> context.err().println(goesOn(one)));
        if (isJson) {
            context.printJson(new FoldedView(made.isPresent(), made));
        } else if (made.isEmpty()) {
            context.out().println("The archive has a base as of its end already.");
        } else {
            print(context, made.get());
        }
    }

    private static String goesOn(FoldedBase.GoesOn one) {
        return "going on with the base that broke off after %s: %s of %s are finished"
                .formatted(
                        one.recorded(),
                        Figures.count(one.finished()),
                        Figures.counted(one.tables(), "table"));
    }

    private static void print(CommandContext context, FoldedBase.Made made) {
        context.out()
                .printf(
                        "The new base is as of %s (%s): %s rows of %s, %s of which had changed and take %s.%n",
                        made.manifest().span().to(),
                        made.manifest().span().latestCommit(),
                        Figures.count(made.rows()),
                        Figures.counted(made.tables(), "table"),
                        Figures.count(made.changed()),
                        Figures.bytes(made.bytes()));
        if (!made.unknown().isEmpty()) {
            context.warn(
                    "the rows of %s are not known, and not in it; 'tidemark info' says since when"
                            .formatted(made.unknown()));
        }
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
                            "Nothing is missing: capture can go on where it stopped. A new base would make a gap; while"
                                    + " the services run, one is taken without.");
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
