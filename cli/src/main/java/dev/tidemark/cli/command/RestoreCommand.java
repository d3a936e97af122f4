package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.FileJob;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.cli.wiring.PartJob;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.RestoreJob;
import dev.tidemark.cli.wiring.RowJob;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.content.Extent;
import dev.tidemark.replay.content.PartRequest;
import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.load.BesideDatabase;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RightsPart;
import dev.tidemark.replay.rows.RowRequest;
import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tidemark restore}. */
@Command(
        name = "restore",
        header = "Build a database as it was at a moment.",
        description = {
            "%nThe database must be empty. Until the last step a schema tidemark_restore marks it as unfinished; then",
            "that keeps where the database is, for 'tidemark rewind' and 'tidemark follow'. Every table is read back and compared with the archive.",
            "Owners and rights come back where the role exists on the server; of others each is named.",
            "The password of a database comes from TIDEMARK_TARGET_PASSWORD or ~/.pgpass."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark restore --to 2026-11-20T14:03:07Z --into postgresql://me@staging:5432/crm",
            "  tidemark restore --before xid:4711 --into postgresql://me@staging:5432/crm --dry-run",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --replace --confirm",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --salvage",
            "  tidemark restore --to latest --into postgresql://me@staging/crm --mask m.yaml --run-sql q.sql",
            "  tidemark restore --to latest --mask m.yaml --preview",
            "  tidemark restore --to mark:m1 --into postgresql://me@db:5432/crm -t deal --rename deal=deal_m1",
            "  tidemark restore --to latest --into postgresql://me@db:5432/crm -t 'crm.*' --data-only",
            "  tidemark restore --to latest --into duckdb:crm.duckdb",
            "  tidemark restore --before xid:4711 --into sql:lost.sql --table deal --where id=42 --related",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --report crm.json",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --priority account,deal",
            "  tidemark restore --to 0/1A2B3C8 --into postgresql://me@staging:5432/crm --resume"
        })
final class RestoreCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "1")
    TargetOptions target = new TargetOptions();

    @Option(
            names = "--into",
            paramLabel = "TARGET",
            description =
                    "What to build: a database, postgresql://user@host:5432/database; a file with typed tables to look at,"
                            + " duckdb:FILE; or a script for psql, sql:FILE. Not needed with --dry-run.")
    Optional<RestoreInto> into = Optional.empty();

    @Option(
            names = "--replace",
            description =
                    "Take the place of what is in the database; shows it, and needs --confirm. A part, or rows of --where, never"
                            + " take the place of a database that holds anything. Else, where it does, the"
                            + " restored one is made beside it, takes its name when it is whole, and the other is dropped;"
                            + " while somebody uses the other one, 'tidemark switch' does that, and keeps it.")
    boolean isReplacing;

    @Option(names = "--confirm", description = "Do what --replace shows.")
    boolean isConfirmed;

    @Option(names = "--dry-run", description = "Print the plan only.")
    boolean isDryRun;

    @Mixin PaceOptions pace = new PaceOptions();

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
            names = "--allow-older-extensions",
            description =
                    "Restore also where the server has an older version of an extension than the source: what the older one"
                            + " lacks fails then, or is left out and named.")
    boolean isTakingOlderExtensions;

    @Option(
            names = "--no-record",
            description =
                    "Leave no record of the moment in the database: rewind and follow refuse it then.")
    boolean isWithoutRecord;

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

    @Mixin PartOptions part = new PartOptions();

    @Mixin MaskOptions masks = new MaskOptions();

    @ArgGroup(exclusive = false)
    RowOptions rows = new RowOptions();

    @Mixin ReportOptions report = new ReportOptions();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        requireThatOptionsFit();
        Parts parts = context.parts(Section.ARCHIVE);
        Optional<FileRestore> file = into.flatMap(to -> FileRestore.of(context, parts, to));
        Optional<Database> database =
                into.flatMap(RestoreInto::url).map(url -> context.databases().target(url));
        if (isReplacing && !isConfirmed && !isDryRun && !masks.isPreview) {
            throw file.map(FileRestore::unconfirmed)
                    .orElseGet(() -> unconfirmed(database.orElseThrow(), part.request()));
        }
        Optional<MaskJob> mask = masks.job(context);
        RestoreOptions options = options(context);
        if (!isDryRun && !masks.isPreview) {
            file.ifPresent(to -> to.check(isReplacing));
        }
        Optional<RowRequest> request = rowRequest(context);
        RestorePrint print = new RestorePrint(context, isJson);
        try (ReportFile written = report.file(context);
                Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("restore")) {
            RestoreJob found =
                    new RestoreJob(
                            archive,
                            temporary.path(),
                            options,
                            !isWithoutRecord,
                            context.progress(),
                            context.clock());
            Target moment = target.target(context, parts.configuration());
            Salvage.Way way =
                    isSalvaging ? found.salvage(moment) : Salvage.Way.of(found.plan(moment));
            RestorePlan plan = way.plan();
            print.warn(way, moment);
            if (masks.isPreview) {
                return new PreviewRun(context, found, mask.orElseThrow(), isJson)
                        .run(plan, request, part.request());
            }
            if (!isDryRun) {
                database.filter(there -> !isReplacing).ifPresent(ScratchDatabase::refuseAsTarget);
                database.filter(there -> mask.isPresent()).ifPresent(found::refuseMasksInTheSource);
            }
            if (request.isPresent()) {
                RowJob chosen = new RowJob(found, request.get(), mask);
                return new RowRestore(context, chosen, isReplacing, isJson, written)
                        .run(way, isDryRun ? Optional.empty() : into, file);
            }
            if (!part.request().isWhole()) {
                PartJob chosen = new PartJob(found, part.request());
                return new PartRun(context, chosen, mask, isSalvaging, isJson, written)
                        .run(way, isDryRun ? Optional.empty() : database, isReplacing);
            }
            RestoreJob job = mask.map(masked -> found.masked(masked, plan)).orElse(found);
            Untold untold = isSalvaging ? job.untoldAsFarAsReadable(plan) : job.untold(plan);
            if (isDryRun) {
                print.plan(way, untold);
                return way.isWhole() ? ExitCode.DONE : ExitCode.NO;
            }
            if (file.isPresent()) {
                FileJob write = new FileJob(job, plan);
                FileReport done = file.get().run(write, job.content(plan), isReplacing);
                mask.map(MaskJob::notes).orElse(List.of()).forEach(context::warn);
                file.get()
                        .print(
                                done,
                                untold,
                                FileView.of(
                                        done,
                                        untold,
                                        way.losses(),
                                        mask.map(MaskJob::report).orElse(List.of())),
                                isJson);
                return untold.uncertain().isEmpty() && way.isWhole() ? ExitCode.DONE : ExitCode.NO;
            }
            Succession succession =
                    Succession.of(database.orElseThrow(), isReplacing, pace.isResuming);
            return load(context, new Load(job, way, untold, succession, written));
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    /** A restore into a database, of which everything is known that can be known before. */
    private record Load(
            RestoreJob job,
            Salvage.Way way,
            Untold untold,
            Succession succession,
            ReportFile written) {}

    private ExitCode load(CommandContext context, Load load)
            throws IOException, InterruptedException {
        LedgerPen pen = context.ledgerPen();
        Salvage.Way way = load.way();
        Succession succession = load.succession();
        Reporting reporting =
                new Reporting(
                        context,
                        load.written(),
                        way,
                        RestoreView.Began.of(
                                succession.named().url(),
                                Optional.empty(),
                                context.clock().instant()));
        RestoreReport done =
                reporting.of(
                        begins -> {
                            RestoreJob.Into into =
                                    new RestoreJob.Into(
                                            succession.into(), succession.place(), begins);
                            return load.job().run(way.plan(), into, pen);
                        });
        boolean isWhole =
                done.leftOut().isEmpty() && load.untold().uncertain().isEmpty() && way.isWhole();
        if (withoutRows.isEmpty() && masks.isFaithful()) {
            pen.note(load.job().archive(), LedgerEntry.Kind.RESTORE, isWhole, done.bytes());
        }
        Optional<String> beside =
                reporting.of(begins -> succession.takePlace(load.job(), isWhole, context::warn));
        if (beside.isPresent()) {
            reporting = reporting.beside(BesideDatabase.of(succession.named()).url(), beside.get());
        }
        RestoreView view =
                RestoreView.of(
                        done,
                        load.untold(),
                        way.losses(),
                        load.job().mask().map(MaskJob::report).orElse(List.of()),
                        List.of(),
                        reporting.end(isWhole ? ExitCode.DONE : ExitCode.NO));
        load.job().mask().map(MaskJob::notes).orElse(List.of()).forEach(context::warn);
        new RestorePrint(context, isJson).done(done, load.untold(), view);
        if (!isJson) {
            masks.printScripts(context);
        }
        PrintStream people = isJson ? context.err() : context.out();
        beside.ifPresent(why -> succession.print(people, load.job(), why));
        load.written().write(view);
        return isWhole && beside.isEmpty() ? ExitCode.DONE : ExitCode.NO;
    }

    private Optional<RowRequest> rowRequest(CommandContext context) {
        if (!rows.isGiven()) {
            return Optional.empty();
        }
        if (!part.isOfTablesAlone()) {
            throw TidemarkException.usage(
                    "--where goes together with --table alone",
                    "Leave the other options out that choose a part.");
        }
        if (isSalvaging || !withoutRows.isEmpty()) {
            throw TidemarkException.usage(
                    "--where does not go together with --salvage or --exclude-table-data",
                    "Give it alone: everything that is not chosen comes back empty.");
        }
        return Optional.of(rows.request(context, part.selection.tables));
    }

    private void requireThatOptionsFit() {
        rows.requireThatItFits();
        if (masks.isPreview && (masks.mask.file.isEmpty() || isDryRun || report.path.isPresent())) {
            throw TidemarkException.usage(
                    "--preview shows what --mask FILE makes of rows, and writes nothing",
                    "Give --mask, and leave --dry-run and --report out.");
        }
        if (into.isEmpty() && !isDryRun && !masks.isPreview) {
            throw TidemarkException.usage(
                    "restore needs --into TARGET",
                    "Give the database or file to build, or --dry-run to see the plan.");
        }
        if (pace.isResuming && (!masks.isFaithful() || rows.isGiven())) {
            throw TidemarkException.usage(
                    "--resume does not go together with --mask, --run-sql or --where",
                    "Rows that two rules chose would be mixed, and a script run twice. Begin anew with --replace --confirm.");
        }
        if (isDryRun && report.path.isPresent()) {
            throw TidemarkException.usage(
                    "--report is of a restore, and --dry-run is none",
                    "Leave one of them out; --dry-run --json prints the plan.");
        }
        boolean isPart = !rows.isGiven() && !part.request().isWhole();
        if (isPart && pace.isResuming) {
            throw TidemarkException.usage(
                    "--resume is of a whole database",
                    "Leave it out, or the options that choose a part.");
        }
        if (isPart && part.isDataOnly && !masks.scripts.isEmpty()) {
            throw TidemarkException.usage(
                    "--run-sql is for a database that is built, and --data-only fills tables of one that is there",
                    "Leave it out and run the SQL yourself.");
        }
        if (isPart && into.filter(to -> to.url().isEmpty()).isPresent()) {
            throw TidemarkException.usage(
                    "a part goes into a database",
                    "For files of some tables there is 'tidemark export', and --where for chosen rows.");
        }
        if (isPart && part.isDataOnly) {
            pace.refuseFirst("rows that come into tables that are there, all at once");
        }
        boolean isFile = into.filter(to -> to.url().isEmpty()).isPresent();
        if (isFile) {
            pace.refuseFirst("a file");
        }
        if (isFile && pace.isResuming) {
            throw TidemarkException.usage(
                    "--resume needs a database", "A file is whole or not there. Leave it out.");
        }
        if (isFile && !masks.scripts.isEmpty()) {
            throw TidemarkException.usage(
                    "--run-sql needs a database", "A file runs nothing. Leave --run-sql out.");
        }
        if (report.path.isPresent() && isFile) {
            throw TidemarkException.usage(
                    "--report is of a database", "Leave it out; --json prints what was done.");
        }
    }

    private RestoreOptions options(CommandContext context) {
        EnumSet<RightsPart> rights = EnumSet.allOf(RightsPart.class);
        if (isWithoutOwners) {
            rights.remove(RightsPart.OWNERS);
        }
        if (isWithoutPrivileges) {
            rights.remove(RightsPart.PRIVILEGES);
        }
        RestoreOptions options =
                pace.with(new RestoreOptions(pace.jobs(), rights, withoutRows))
                        .withScripts(masks.read(context));
        return isTakingOlderExtensions ? options.withOlderExtensions() : options;
    }

    private static TidemarkException unconfirmed(Database target, PartRequest request) {
        if (request.extent() == Extent.ROWS) {
            return TidemarkException.usage(
                    "--replace deletes the rows of the tables in %s".formatted(target.url()),
                    "Add --confirm if that is what you want.");
        }
        return Succession.unconfirmed(target, request);
    }
}
