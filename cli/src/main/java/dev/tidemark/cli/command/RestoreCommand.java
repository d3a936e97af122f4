package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RightsPart;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.replay.salvage.Losses;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark restore}. */
@Command(
        name = "restore",
        header = "Build a database as it was at a moment.",
        description = {
            "%nThe database must be empty. Until the last step it holds a schema tidemark_restore that marks it",
            "as unfinished. Every table is read back and compared with the archive.",
            "Owners and rights come back where the role exists on the server; of others each is named.",
            "The password of URL comes from TIDEMARK_TARGET_PASSWORD or ~/.pgpass."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark restore --to 2026-11-20T14:03:07Z --into postgresql://me@staging:5432/crm",
            "  tidemark restore --before xid:4711 --into postgresql://me@staging:5432/crm --dry-run",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --replace --confirm",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --salvage"
        })
final class RestoreCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "1")
    TargetOptions target = new TargetOptions();

    @Option(
            names = "--into",
            paramLabel = "URL",
            description =
                    "The database to build: postgresql://user@host:5432/database. Not needed with --dry-run.")
    Optional<DatabaseUrl> into = Optional.empty();

    @Option(
            names = "--replace",
            description = "Drop what is in the database first; shows it, and needs --confirm.")
    boolean isReplacing;

    @Option(names = "--confirm", description = "Do what --replace shows.")
    boolean isConfirmed;

    @Option(names = "--dry-run", description = "Print the plan only.")
    boolean isDryRun;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Tables loaded at the same time; one a processor when not given.")
    Optional<Integer> jobs = Optional.empty();

    @Option(
            names = "--no-owner",
            description =
                    "Leave owners out: all belongs to the user of URL, who also takes the owners' place in rights.")
    boolean isWithoutOwners;

    @Option(
            names = {"--no-privileges", "--no-acl"},
            description = "Leave rights (GRANT) and default privileges out.")
    boolean isWithoutPrivileges;

    @Option(
            names = "--exclude-table-data",
            paramLabel = "SCHEMA.TABLE",
            description =
                    "Leave the rows of a table out: it comes back empty. May be given several times; helps where the"
                            + " rows of a table are not known.")
    Set<String> withoutRows = new LinkedHashSet<>();

    @Option(
            names = "--salvage",
            description =
                    "Where files of the archive are missing or altered, give what can be read: another way to the moment, the"
                            + " moment without rows of some tables, or the newest moment before it. Each file is read and"
                            + " compared first. Says what is not as it was, and ends with exit code 1 then.")
    boolean isSalvaging;

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        if (into.isEmpty() && !isDryRun) {
            throw TidemarkException.usage(
                    "restore needs --into URL",
                    "Give the database to build, or --dry-run to see the plan.");
        }
        if (isReplacing && !isConfirmed && !isDryRun) {
            throw unconfirmed(context.databases().target(into.get()));
        }
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("restore")) {
            LedgerPen pen = context.ledgerPen();
            RestoreJob job =
                    new RestoreJob(
                            archive,
                            temporary.path(),
                            options(),
                            context.progress(),
                            context.clock());
            Target moment = target.target(context, parts.configuration());
            Salvage.Way way = isSalvaging ? job.salvage(moment) : Salvage.Way.of(job.plan(moment));
            RestorePlan plan = way.plan();
            warn(context, way, moment);
            Untold untold = isSalvaging ? job.untoldAsFarAsReadable(plan) : job.untold(plan);
            if (isDryRun) {
                warn(context, untold);
                print(context, way);
                return way.isWhole() ? ExitCode.DONE : ExitCode.NO;
            }
            Database database = context.databases().target(into.get());
            RestoreReport report = job.run(plan, database, isReplacing, pen);
            boolean isWhole =
                    report.leftOut().isEmpty() && untold.uncertain().isEmpty() && way.isWhole();
            if (withoutRows.isEmpty()) {
                pen.note(archive, LedgerEntry.Kind.RESTORE, isWhole, report.bytes());
            }
            print(context, report, untold, way.losses(), database);
            return isWhole ? ExitCode.DONE : ExitCode.NO;
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    private RestoreOptions options() {
        EnumSet<RightsPart> rights = EnumSet.allOf(RightsPart.class);
        if (isWithoutOwners) {
            rights.remove(RightsPart.OWNERS);
        }
        if (isWithoutPrivileges) {
            rights.remove(RightsPart.PRIVILEGES);
        }
        return new RestoreOptions(
                jobs.orElse(Runtime.getRuntime().availableProcessors()), rights, withoutRows);
    }

    private static TidemarkException unconfirmed(Database target) {
        String what =
                TargetContents.of(target)
                        .map(
                                there ->
                                        "drops the database %s of %s, which %s"
                                                .formatted(
                                                        target.url(),
                                                        Figures.bytes(there.bytes()),
                                                        there.isEmpty()
                                                                ? "is empty"
                                                                : "holds " + there))
                        .orElse(
                                "creates the database %s, which does not exist"
                                        .formatted(target.url()));
        return TidemarkException.usage(
                "--replace " + what, "Add --confirm if that is what you want.");
    }

    private void print(CommandContext context, Salvage.Way way) {
        PlanView view = PlanView.of(way.plan(), way.losses());
        if (isJson) {
            context.printJson(view);
        } else {
            view.print(context.out());
        }
    }

    private static void warn(CommandContext context, Salvage.Way way, Target moment) {
        way.damage().forEach(damage -> context.warn("damaged: " + damage));
        way.losses()
                .tables()
                .forEach(
                        lost ->
                                context.warn(
                                        "%s comes back without rows: it has %s in its base, and %s of it cannot be read"
                                                .formatted(
                                                        lost.table(),
                                                        Figures.counted(lost.baseRows(), "row"),
                                                        Figures.counted(
                                                                lost.unreadable(), "record"))));
        if (!way.isThere()) {
            context.warn(
                    "%s cannot be reached; the newest moment before it that can be is %s"
                            .formatted(moment.moment(), way.plan().cut().position()));
        }
        way.losses()
                .after()
                .ifPresent(
                        lost ->
                                context.warn(
                                        "left out: what was committed from %s to %s, %s with %s at most"
                                                .formatted(
                                                        lost.from(),
                                                        lost.to(),
                                                        Figures.counted(
                                                                lost.transactions(), "transaction"),
                                                        Figures.counted(
                                                                lost.changes(), "change"))));
    }

    private static void warn(CommandContext context, Untold untold) {
        untold.uncertain().forEach(object -> context.warn("not known: " + object));
        untold.note().ifPresent(context::warn);
    }

    private void print(
            CommandContext context,
            RestoreReport report,
            Untold untold,
            Losses losses,
            Database database) {
        warn(context, untold);
        report.warnings().forEach(context::warn);
        report.leftOut().forEach(object -> context.warn("left out: " + object));
        report.withoutRows().forEach(table -> context.warn("left out: the rows of " + table));
        if (isJson) {
            context.printJson(RestoreView.of(report, untold, losses));
            return;
        }
        TextTable tables = new TextTable("table", "rows", "checksum");
        report.tables()
                .forEach(
                        table ->
                                tables.row(
                                        table.name(),
                                        table.checksum().rows(),
                                        table.checksum().hex()));
        context.print(tables);
        context.out()
                .printf(
                        "%s is as the source was at %s (%s)%s: %s rows of %s, each read back and equal to the archive.%n",
                        database.url(),
                        report.cut(),
                        report.commitTime(),
                        missing(report, untold),
                        Figures.count(report.rows()),
                        Figures.counted(report.tables().size(), "table"));
    }

    private static String missing(RestoreReport report, Untold untold) {
        List<String> missing = new ArrayList<>();
        if (!report.leftOut().isEmpty()) {
            missing.add("%d objects that were left out".formatted(report.leftOut().size()));
        }
        if (!report.withoutRows().isEmpty()) {
            missing.add(
                    "the rows of %s that were left out"
                            .formatted(Figures.counted(report.withoutRows().size(), "table")));
        }
        if (!untold.uncertain().isEmpty()) {
            missing.add("%d objects that are not known".formatted(untold.uncertain().size()));
        }
        return missing.isEmpty() ? "" : " but for " + String.join(" and ", missing);
    }
}
