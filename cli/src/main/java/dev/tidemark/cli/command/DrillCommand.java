package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.DrillJob;
import dev.tidemark.cli.wiring.DrillReport;
import dev.tidemark.cli.wiring.DrillRequest;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.drill.Detail;
import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark drill}. */
@Command(
        name = "drill",
        header =
                "Prove that restores work: restore to a scratch database, compare with the source.",
        description = {
            "%nWhere the source is up and captured, it is read as of one position, as the user of source.url and under a"
                    + " snapshot; the archive is restored to that very position, and each table compared: rows and"
                    + " checksum. Of a table that differs, the rows that do are looked for, which needs the right to read"
                    + " it. Else, or with --seed, --to or --before, a moment of the past is restored, and every row read"
                    + " back and compared with the archive. The last line says which proof it was.",
            "%nThe scratch database is on an embedded server, without roles of the source, or at URL; it is gone"
                    + " afterwards. How it went and how long it took is noted in the ledger, and metrics tell it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark drill",
            "  tidemark drill --require-source --into postgresql://me@staging:5432/drill",
            "  tidemark drill --no-source --seed 42",
            "  tidemark drill --to mark:before-import"
        })
final class DrillCommand implements TidemarkCommand {
    private static final int SEEDS = 1_000_000; // short enough to be typed

    @ArgGroup(multiplicity = "0..1")
    TargetOptions target = new TargetOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Restore a moment by chance; the same N draws the same from the same archive.")
    Optional<Long> seed = Optional.empty();

    @Option(
            names = "--no-source",
            description = "Do not ask the source: a moment by chance, if none is named.")
    boolean isWithoutSource;

    @Option(
            names = "--require-source",
            description = "Refuse (exit code 3) where the source cannot be compared with.")
    boolean isSourceRequired;

    @Option(
            names = "--into",
            paramLabel = "URL",
            description =
                    "The scratch database: one that does not exist, or was left by a drill that was killed. It is made, and"
                            + " dropped afterwards. The password comes from TIDEMARK_TARGET_PASSWORD or ~/.pgpass.")
    Optional<DatabaseUrl> into = Optional.empty();

    @Option(
            names = "--keep",
            description =
                    "Leave the database of --into as it was restored. It may be there already, if it is empty.")
    boolean isKept;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description =
                    "Tables loaded at the same time, one a processor when not given; of the source two at most are read.")
    Optional<Integer> jobs = Optional.empty();

    @Mixin DifferenceOptions differences = new DifferenceOptions();

    @Option(
            names = "--wait",
            paramLabel = "MINUTES",
            converter = AtLeastOne.class,
            description =
                    "How long the archive may take to the source's position; some more than a segment lasts when not given.")
    Optional<Integer> waitMinutes = Optional.empty();

    @Option(
            names = "--hold",
            paramLabel = "MINUTES",
            converter = AtLeastOne.class,
            description =
                    "How long a snapshot of the source may be held, which keeps its log and its dead rows as long; drill.hold"
                            + " when not given.")
    Optional<Integer> holdMinutes = Optional.empty();

    @Option(
            names = "--by-schedule",
            hidden = true,
            description = "A service started it: it ends when its standard input does.")
    boolean isScheduled;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        refuseWhatDoesNotFit();
        if (isScheduled) {
            ParentWatch.interrupting(Thread.currentThread(), System.in);
        }
        Parts parts =
                isSourceRequired
                        ? context.parts(Section.SOURCE, Section.ARCHIVE)
                        : context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("drill")) {
            DrillReport report =
                    new DrillJob(
                                    parts,
                                    archive,
                                    temporary.path(),
                                    context.progress(),
                                    request(context, parts),
                                    context::ledgerPen)
                            .run();
            DrillPrint print = new DrillPrint(context);
            print.warn(report);
            if (isJson) {
                context.printJson(report);
            } else if (isScheduled) {
                print.printInShort(report);
            } else {
                print.print(report);
            }
            return report.verdict().isGood() ? ExitCode.DONE : ExitCode.NO;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private void refuseWhatDoesNotFit() {
        if (isKept && into.isEmpty()) {
            throw TidemarkException.usage(
                    "--keep goes with --into",
                    "An embedded server is gone afterwards: name a database that is to stay.");
        }
        if (target.isGiven() && seed.isPresent()) {
            throw TidemarkException.usage(
                    "--seed draws a moment, and --to and --before name one",
                    "Leave one of them out.");
        }
        if (isSourceRequired && (isWithoutSource || target.isGiven() || seed.isPresent())) {
            throw TidemarkException.usage(
                    "--require-source compares with the source's present, and goes with no other moment",
                    "Leave --no-source, --seed, --to and --before out.");
        }
    }

    private DrillRequest request(CommandContext context, Parts parts) {
        return new DrillRequest(
                choice(context, parts),
                into.map(context.databases()::target),
                isKept ? ScratchDatabase.Afterwards.KEPT : ScratchDatabase.Afterwards.DROPPED,
                jobs.orElse(Runtime.getRuntime().availableProcessors()),
                differences.isShowingValues ? Detail.VALUES : Detail.KEYS,
                differences.rowsMax,
                holdMinutes
                        .map(Duration::ofMinutes)
                        .orElse(parts.configuration().drill().holdMax()),
                waitMinutes.map(Duration::ofMinutes),
                isScheduled);
    }

    private DrillRequest.Choice choice(CommandContext context, Parts parts) {
        if (target.isGiven()) {
            return new DrillRequest.Choice.Given(target.target(context, parts.configuration()));
        }
        long drawn = seed.orElseGet(() -> context.clock().millis() % SEEDS);
        return seed.isPresent() || isWithoutSource
                ? new DrillRequest.Choice.Chance(drawn)
                : new DrillRequest.Choice.Present(
                        isSourceRequired
                                ? DrillRequest.Source.REQUIRED
                                : DrillRequest.Source.WHERE_UP,
                        drawn);
    }
}
